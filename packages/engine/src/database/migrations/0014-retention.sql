-- The days on which raw answers that nothing needs any more were removed, whatever the number of processes.
create table tributary.retention_runs (
  day date primary key,
  ran_at timestamptz not null
);
alter table tributary.retention_runs enable row level security;
create policy retention on tributary.retention_runs to tributary_system using (true);
grant select, insert, delete on tributary.retention_runs to tributary_system;
