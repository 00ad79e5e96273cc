-- Constant defaults change no row, so that the exclusive lock is short however large the table is. For the same reason the
-- constraints are not validated: the rows that exist have the defaults, which meet them, and every new row is checked.
-- An older version that runs on this schema writes rows without these columns, and so with the defaults.

alter table tasks
  add column priority smallint not null default 2,                -- 1 low, 2 medium, 3 high
  add column due_date text collate "C",                           -- YYYY-MM-DD, or RFC 3339 in UTC with milliseconds
  add column tags     text[] not null default '{}',
  add constraint tasks_priority_known check (priority between 1 and 3) not valid,
  add constraint tasks_due_date_form check (
    due_date ~ '^(19[7-9]\d|[2-9]\d{3})-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?$'
  ) not valid,
  add constraint tasks_tags_count check (cardinality(tags) <= 20) not valid;
