create table tributary.import_jobs (
  id uuid primary key default gen_random_uuid(),
  -- Those of the connection; a check of each would cost the schedule a good part of its time.
  user_id uuid not null,
  connection_id uuid not null references tributary.user_integrations on delete cascade,
  source_id text not null,
  trigger text not null check (trigger in ('connect', 'manual', 'schedule', 'history', 'view', 'upload', 'push')),
  -- Which days it fetches of each stream: exactly its own, what is due when it runs, or those of its own never fetched.
  selection text not null default 'days' check (selection in ('days', 'due', 'never-fetched')),
  -- The streams that it fetches; null: all that are switched on.
  streams text[] check (streams <> '{}'),
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  status text not null default 'queued' check (status in ('queued', 'running', 'waiting', 'retrying', 'succeeded',
    'partial', 'failed', 'cancelled')),
  reason text,
  -- What keeps it from succeeding, by the code of jobs/job-problems.ts.
  problem text,
  -- Lower goes first: a user's request before the schedule, the schedule before history.
  priority smallint not null,
  -- A claim raises it; a result is written only while it still stands.
  attempt integer not null default 0,
  failures integer not null default 0,
  -- How often in a row it had to wait for a source that did not say how long, and brought nothing in between.
  waits integer not null default 0,
  -- How often in a row its worker ended without a word, and brought nothing in between.
  worker_crashes integer not null default 0,
  -- What it met that no further attempt can mend, such as records that could not be read: it does not succeed.
  permanent_error text,
  permanent_problem text,
  run_after timestamptz not null,
  lease_until timestamptz,
  upload_id uuid references tributary.uploads on delete cascade,
  -- What was done, by stream.
  counts jsonb not null default '{}',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index one_running_job_per_connection on tributary.import_jobs (connection_id) where status = 'running';
create index claimable on tributary.import_jobs (priority, run_after)
  where status in ('queued', 'waiting', 'retrying');
create index open_jobs on tributary.import_jobs (connection_id) where status in ('queued', 'running', 'waiting', 'retrying');
create index open_jobs_of_user on tributary.import_jobs (user_id) where status in ('queued', 'running', 'waiting', 'retrying');
create index troubled_jobs on tributary.import_jobs (connection_id) where status in ('partial', 'failed');
create index history_jobs on tributary.import_jobs (connection_id, created_at desc) where selection = 'never-fetched';
create index ended_jobs on tributary.import_jobs (connection_id, priority, created_at desc)
  where status in ('succeeded', 'partial', 'failed', 'cancelled');
create index leases on tributary.import_jobs (lease_until) where status = 'running';
create index on tributary.import_jobs (user_id, created_at desc);
-- With the user's id, which the policy adds to each query: else the planner may prefer to sort all jobs of a connection.
create index on tributary.import_jobs (connection_id, user_id, created_at desc);
create index on tributary.import_jobs (upload_id) where upload_id is not null;

alter table tributary.import_jobs enable row level security;
create policy own on tributary.import_jobs to tributary_app using (user_id = (select tributary.current_user_id()));
-- A worker claims whatever job is next, whoever's it is, and learns nothing of its data.
create policy claim on tributary.import_jobs to tributary_system using (true);

grant select, insert, update, delete on tributary.import_jobs to tributary_app;
grant select, insert, update on tributary.import_jobs to tributary_system;

-- How many jobs the schedule made in each hour, whatever the number of processes.
create table tributary.schedule_slots (
  slot_at timestamptz primary key,
  ran_at timestamptz not null,
  jobs integer not null
);
alter table tributary.schedule_slots enable row level security;
create policy schedule on tributary.schedule_slots to tributary_system using (true);
grant select, insert, update, delete on tributary.schedule_slots to tributary_system;
-- The schedule asks for the imports of all enabled connections; it sees whose they are and nothing of their secrets.
create policy schedule on tributary.user_integrations to tributary_system using (true);
grant select (id, user_id, source_id, state, enabled, simulated, next_sync_at), update (next_sync_at)
  on tributary.user_integrations to tributary_system;
