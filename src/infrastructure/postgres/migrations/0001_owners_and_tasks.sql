-- The owner leads every key, so that the tables can be partitioned or distributed by owner without touching a query.

create table owners (
  id           text primary key,
  revision     bigint not null,
  email        text,
  display_name text,
  created_at   timestamptz(3) not null,
  constraint owners_id_length check (char_length(id) between 1 and 255),
  constraint owners_revision_positive check (revision > 0)
) with (fillfactor = 50); -- every write of a task updates its owner's row: room for that in the same page

create table tasks (
  owner_id    text not null references owners (id) on delete cascade,
  id          uuid not null,
  title       text not null,
  description text,
  completed   boolean not null,
  created_at  timestamptz(3) not null,
  updated_at  timestamptz(3) not null,
  revision    bigint not null,
  primary key (owner_id, id),
  constraint tasks_title_length check (char_length(title) between 1 and 200),
  constraint tasks_description_length check (char_length(description) <= 1000),
  constraint tasks_updated_after_created check (updated_at >= created_at),
  constraint tasks_revision_positive check (revision > 0)
);

-- The list, and the list by status, newest first: a page reads the rows it returns and no others.
create index tasks_newest_first on tasks (owner_id, created_at desc, id desc);
create index tasks_by_status_newest_first on tasks (owner_id, completed, created_at desc, id desc);
