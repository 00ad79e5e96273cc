-- Of an erased user, the id stays with its counter, so that no revision is given twice; the time of the first task does not.

alter table owners alter column created_at drop not null;

-- A function, because each of its statements sees what was committed before it: the first one waits for the user's writes,
-- and the others erase what they have written.
create function erase_user(erased text) returns void language plpgsql as $$
begin
  update owners set
    revision = revision + 1,
    changes_from = revision + 1,
    email = null,
    display_name = null,
    created_at = null -- indexing stays: a list that is read meanwhile counts on it
  where id = erased;
  perform set_config('taskhold.keeps_record', 'yes', true); -- the trigger on tasks writes no tombstones
  delete from tasks where owner_id = erased;
  perform set_config('taskhold.keeps_record', '', true);
  delete from trashed_tasks where owner_id = erased;
  delete from tombstones where owner_id = erased;
  delete from idempotency_keys where owner_id = erased;
end $$;

-- It has the rights of who calls it. Default privileges may have taken this one from new functions.
grant execute on function erase_user(text) to public;
