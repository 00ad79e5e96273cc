-- A migration changes one table: statements lock owners and tasks in either order, so that a transaction with both locks
-- would be in a deadlock with them.

alter table owners
  add column indexing smallint not null default 0; -- of the user's tasks: 0 none, 1 new rows are in the indexes, 2 all rows are
