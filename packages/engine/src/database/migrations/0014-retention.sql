-- The daily pruning, which one process does at a time whatever their number. The table has one row.
create table tributary.retention_runs (
  only_row boolean primary key default true check (only_row),
  -- The last day (UTC) whose pruning came to its end.
  done_day date,
  lease_until timestamptz
);
insert into tributary.retention_runs default values;
alter table tributary.retention_runs enable row level security;
create policy retention on tributary.retention_runs to tributary_system using (true);
grant select, update on tributary.retention_runs to tributary_system;
