-- What happened, written by the transaction in which it did: live pages, goals, alerts and webhooks read it. Kept for 30 days.
create table tributary.events (
  id bigint generated always as identity primary key,
  user_id uuid not null references tributary.users on delete cascade,
  kind text not null check (kind in ('values-changed', 'job-changed', 'connection-needs-attention')),
  payload jsonb not null,
  -- Ids are not in the order of commits: a reader continues after a snapshot of transactions (src/events/read-events.ts).
  transaction_id xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default now()
);
create index on tributary.events (user_id, transaction_id);

-- Each change of a daily value that was there before: corrections, deletions, and values that come back after a deletion.
create table tributary.value_changes (
  id bigint generated always as identity primary key,
  user_id uuid not null references tributary.users on delete cascade,
  metric_name text not null,
  day date not null,
  before_value double precision,
  before_text text,
  after_value double precision,
  after_text text,
  -- Whose value it was and is: what a source gave is removed here as well when its user removes it.
  before_source text,
  after_source text,
  cause text not null
    check (cause in ('import', 'file', 'remap', 'manual', 'time-zone', 'order', 'account', 'removed')),
  job_id uuid,
  at timestamptz not null,
  check (num_nonnulls(before_value, before_text) = num_nonnulls(before_source)),
  check (num_nonnulls(after_value, after_text) = num_nonnulls(after_source)),
  check (num_nonnulls(before_source, after_source) > 0)
);
create index on tributary.value_changes (user_id, at, id);
create index on tributary.value_changes (user_id, metric_name, day);

alter table tributary.events enable row level security;
alter table tributary.value_changes enable row level security;
create policy own on tributary.events to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.value_changes to tributary_app using (user_id = (select tributary.current_user_id()));
-- A worker claims jobs of all users, and what it does to them is an event of theirs.
create policy publish on tributary.events for insert to tributary_system with check (true);

grant select, insert, delete on tributary.events, tributary.value_changes to tributary_app;
grant insert on tributary.events to tributary_system;
