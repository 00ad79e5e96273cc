-- Runs after every row has its folded text; see prepare-lists.ts. Not validated, because that would read the table
-- under an exclusive lock.

alter table tasks add constraint tasks_title_folded check (title_folded is not null) not valid;
