-- The condition of the trigger names no text, so that the types of title and description can be altered. The service sets
-- text_revision by every write to a row whose text it has folded; an older version sets it by none, or by a change of a text.

create or replace function tasks_of_older_version() returns trigger language plpgsql as $$
declare
  is_marked boolean;
begin
  if tg_op = 'UPDATE' and new.owner_id = old.owner_id and new.title = old.title
    and new.description is not distinct from old.description then
    return new;
  end if;
  new.text_revision := null;
  new.title_folded := normalize(lower(normalize(new.title)));
  new.description_folded := normalize(lower(normalize(new.description)));
  if tg_op = 'INSERT' or new.owner_id is distinct from old.owner_id then
    -- The search path can be another one: that of pg_restore names no schema.
    execute format('select indexing > 0 from %I.owners where id = $1', tg_table_schema) into is_marked using new.owner_id;
    new.is_indexed := coalesce(is_marked, false);
  end if;
  return new;
end $$;

drop trigger tasks_changed_by_older_version on tasks;

create trigger tasks_changed_by_older_version before update on tasks for each row
  when (new.owner_id is distinct from old.owner_id or new.text_revision is not distinct from old.text_revision)
  execute function tasks_of_older_version();
