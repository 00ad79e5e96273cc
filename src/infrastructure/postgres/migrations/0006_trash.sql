-- A migration changes one table that exists, as in 0003: this one owners, also by the foreign keys. The first statement takes the
-- strongest lock, so that no later one has to wait for a stronger lock than it holds.

alter table owners
  add column changes_from bigint not null default 0; -- the lowest revision but 0 from which changes can be followed

-- Deleted tasks, which can be restored. Lists and searches never read this table. The columns are those of tasks.
create table trashed_tasks (
  owner_id           text not null references owners (id) on delete cascade,
  id                 uuid not null,
  title              text not null,
  description        text,
  completed          boolean not null,
  priority           smallint not null default 2,
  due_date           text collate "C",
  tags               text[] not null default '{}',
  created_at         timestamptz(3) not null,
  updated_at         timestamptz(3) not null,
  revision           bigint not null,           -- of the deletion
  title_folded       text collate "C" not null,
  description_folded text collate "C",
  text_revision      bigint,                    -- as in tasks: null where the text was folded by the trigger
  deleted_at         timestamptz(3) not null,
  primary key (owner_id, id)
);

-- The trash of a user, latest deletion first, and what changed after a revision.
create index trashed_tasks_by_revision on trashed_tasks (owner_id, revision);
-- What has been in the trash for too long.
create index trashed_tasks_by_deletion on trashed_tasks (deleted_at);

-- Tasks that are gone for good, for those who follow changes.
create table tombstones (
  owner_id   text not null references owners (id) on delete cascade,
  task_id    uuid not null,
  revision   bigint not null,                   -- of the deletion: a purge of the trash takes none
  deleted_at timestamptz(3) not null,           -- when it was gone for good
  primary key (owner_id, task_id)
);

create index tombstones_by_revision on tombstones (owner_id, revision);
create index tombstones_by_deletion on tombstones (deleted_at);

-- The roles that use tasks may use these tables in the same way, so that an upgrade needs no GRANT.
do $$
declare
  given record;
begin
  for given in
    select privilege_type as privilege, case grantee when 0 then 'public' else grantee::regrole::text end as role
    from pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
    where pg_class.oid = 'tasks'::regclass and grantee <> quote_ident(current_user)::regrole
      and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  loop
    execute format('grant %s on trashed_tasks, tombstones to %s', given.privilege, given.role);
  end loop;
end $$;
