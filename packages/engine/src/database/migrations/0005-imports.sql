create table tributary.import_jobs (
  id uuid primary key default gen_random_uuid(),
  -- Those of the connection; a check of each would cost the schedule a good part of its time.
  user_id uuid not null,
  connection_id uuid not null references tributary.user_integrations on delete cascade,
  source_id text not null,
  trigger text not null check (trigger in ('connect', 'manual', 'schedule', 'history', 'view', 'upload')),
  -- Which days it fetches of each stream: exactly its own, what is due when it runs, or those of its own never fetched.
  selection text not null default 'days' check (selection in ('days', 'due', 'never-fetched')),
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  status text not null default 'queued' check (status in ('queued', 'running', 'waiting', 'retrying', 'succeeded',
    'partial', 'failed', 'cancelled')),
  reason text,
  -- What keeps it from succeeding, by the code of jobs/job-problems.ts.
  problem text,
  -- Lower goes first: a user's wish before the schedule, the schedule before history.
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

-- A file that a user uploaded. Its content lies in the pages of its fetch, its values in series of its layer.
create table tributary.uploads (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  source_id text not null references tributary.integration_sources,
  layer integer not null,
  file_name text not null,
  bytes bigint not null default 0,
  mapping jsonb,
  -- The same for files of one program: a fingerprint of the names of their columns.
  file_kind text,
  from_day date,
  to_day date,
  created_at timestamptz not null default now(),
  -- When bytes of the file last came; null once it is complete.
  last_chunk_at timestamptz,
  undone_at timestamptz,
  -- The newer version of the file, while it counts in place of this one.
  replaced_by uuid references tributary.uploads on delete set null,
  unique (user_id, source_id, layer)
);
create index on tributary.uploads (replaced_by) where replaced_by is not null;
create index on tributary.uploads (last_chunk_at) where last_chunk_at is not null;
alter table tributary.import_jobs add column upload_id uuid references tributary.uploads on delete cascade;
create index on tributary.import_jobs (upload_id) where upload_id is not null;

create table tributary.fetches (
  id bigint generated always as identity primary key,
  user_id uuid not null references tributary.users on delete cascade,
  source_id text not null,
  account_id text not null,
  stream text not null,
  -- The data type of the stream; empty where it declares none.
  data_type text not null default '',
  from_day date not null,
  to_day date not null,
  job_id uuid references tributary.import_jobs on delete set null,
  upload_id uuid references tributary.uploads on delete cascade,
  -- The zone that its days were cut by.
  zone text,
  -- Only a complete fetch may be read from.
  completed_at timestamptz,
  -- Its records are written, as this version of the plugin's mapping read them.
  covered_at timestamptz,
  mapping_version integer,
  -- Its pages were kept for some days only, and are gone; what they brought stays.
  pages_removed_at timestamptz,
  started_at timestamptz not null default now()
);
create index on tributary.fetches (job_id);
create index on tributary.fetches (upload_id);
create index on tributary.fetches (user_id, source_id, account_id, stream, data_type, to_day);
-- For the daily pruning, which reads what was fetched from the newest back.
create index on tributary.fetches (user_id, id) where upload_id is null;

-- Answers as they came, compressed (zstd); one that a user has already is not stored again.
create table tributary.raw_bodies (
  user_id uuid not null references tributary.users on delete cascade,
  -- SHA-256 of the answer.
  hash bytea not null,
  body bytea not null,
  -- Before compression.
  body_bytes integer not null,
  primary key (user_id, hash)
);
alter table tributary.raw_bodies alter column body set storage external;

-- The answers of a fetch in order.
create table tributary.raw_pages (
  fetch_id bigint not null references tributary.fetches on delete cascade,
  page integer not null,
  user_id uuid not null,
  hash bytea not null,
  received_at timestamptz not null default now(),
  primary key (fetch_id, page),
  foreign key (user_id, hash) references tributary.raw_bodies
);
create index on tributary.raw_pages (user_id, hash);

create table tributary.import_rejections (
  id bigint generated always as identity primary key,
  user_id uuid not null references tributary.users on delete cascade,
  fetch_id bigint not null references tributary.fetches on delete cascade,
  -- Whether its record is not as expected, or its value is physically impossible.
  code text not null check (code in ('unreadable', 'implausible')),
  -- Where in a file it stands, such as `line 12`.
  path text,
  -- The page it stood on, where that is known.
  page integer,
  reason text not null,
  record jsonb
);
create index on tributary.import_rejections (fetch_id);
create index on tributary.import_rejections (user_id);

create table tributary.coverage (
  user_id uuid not null references tributary.users on delete cascade,
  source_id text not null,
  account_id text not null,
  stream text not null,
  data_type text not null default '',
  state text not null check (state in ('has-data', 'had-none', 'not-due-yet', 'failed')),
  -- A day lies in one state's days at most; in none: never asked.
  days datemultirange not null,
  primary key (user_id, source_id, account_id, stream, data_type, state)
);

alter table tributary.import_jobs enable row level security;
alter table tributary.uploads enable row level security;
alter table tributary.fetches enable row level security;
alter table tributary.raw_bodies enable row level security;
alter table tributary.raw_pages enable row level security;
alter table tributary.import_rejections enable row level security;
alter table tributary.coverage enable row level security;
create policy own on tributary.import_jobs to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.uploads to tributary_app using (user_id = (select tributary.current_user_id()));
-- Uploads that broke off are swept for everybody.
create policy sweep on tributary.uploads to tributary_system using (true);
grant select (id, user_id, last_chunk_at) on tributary.uploads to tributary_system;
create policy own on tributary.fetches to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.raw_bodies to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.raw_pages to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.import_rejections to tributary_app
  using (user_id = (select tributary.current_user_id()));
create policy own on tributary.coverage to tributary_app using (user_id = (select tributary.current_user_id()));
-- A worker claims whatever job is next, whoever's it is, and learns nothing of its data.
create policy claim on tributary.import_jobs to tributary_system using (true);

grant select, insert, update, delete on tributary.import_jobs, tributary.uploads, tributary.fetches, tributary.raw_bodies, tributary.raw_pages,
  tributary.import_rejections, tributary.coverage to tributary_app;
grant select, update on tributary.import_jobs to tributary_system;

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
grant insert on tributary.import_jobs to tributary_system;
