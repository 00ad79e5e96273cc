-- An older version that runs on this schema deletes rows and knows no trash, and so does an operator: what they delete is gone
-- for good. This version writes the trash or the tombstone itself, in the same statement, and says so by a setting of the transaction.
--
-- Runs as the owner of the tables: the role of an older version may have no rights on the new ones. Only the owner can make
-- triggers of it. Names are looked up in the schema of the table, because the search path can be another one, and not in dynamic
-- SQL, which would be planned for each row.

create function deletion_by_others() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  path text;
begin
  path := set_config('search_path', format('%I, pg_temp', tg_table_schema), true); -- until the end of the function
  if not exists (select from trashed_tasks where owner_id = old.owner_id and id = old.id) then
    -- Nothing for the tasks of an owner who is deleted.
    insert into tombstones (owner_id, task_id, revision, deleted_at)
    select old.owner_id, old.id, owners.revision, now() from owners where id = old.owner_id
    on conflict (owner_id, task_id) do update set revision = excluded.revision, deleted_at = excluded.deleted_at;
  end if;
  return null;
end $$;

revoke execute on function deletion_by_others() from public;

create trigger tasks_deleted_by_others after delete on tasks for each row
  when (current_setting('taskhold.keeps_record', true) is distinct from 'yes')
  execute function deletion_by_others();
