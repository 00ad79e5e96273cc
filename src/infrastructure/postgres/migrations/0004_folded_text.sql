-- Search and the order of titles compare folded text, which the service stores beside the text. Rows that exist get theirs
-- before 0005, in batches. Constant defaults and no validation, as in 0002: the exclusive lock is short.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

alter table tasks
  add column title_folded       text collate "C",
  add column description_folded text collate "C",
  add column text_revision      bigint,  -- of the write that folded the text; null: folded by the trigger, see below
  add column is_indexed         boolean; -- true: the row is in the indexes of users with many tasks

-- Every task of an indexed user is indexed: without this the planner expects far too few rows.
create statistics tasks_indexing (dependencies) on owner_id, is_indexed from tasks;

-- An older version that runs on this schema writes no folded text. Until the service folds it by its own rules, the rules of
-- the database do.
create function tasks_of_older_version() returns trigger language plpgsql as $$
declare
  is_marked boolean;
begin
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

create trigger tasks_inserted_by_older_version before insert on tasks for each row
  when (new.text_revision is null)
  execute function tasks_of_older_version();

create trigger tasks_changed_by_older_version before update on tasks for each row
  when (new.owner_id is distinct from old.owner_id
    or new.text_revision is not distinct from old.text_revision
    and (new.title is distinct from old.title or new.description is distinct from old.description))
  execute function tasks_of_older_version();
