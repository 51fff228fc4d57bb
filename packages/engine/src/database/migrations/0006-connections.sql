create table tributary.user_integrations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  source_id text not null references tributary.integration_sources,
  -- What its user calls it, where they have several connections of the source.
  name text check (name <> ''),
  -- The account at the provider; its data outlives the connection.
  account_id text,
  -- What the source or its predecessor calls the same account too.
  account_aliases text[] not null default '{}',
  state text not null check (state in ('connected', 'retrying', 'needs-reauthorization', 'misconfigured', 'paused',
    'retired', 'disconnected')),
  reason text,
  enabled boolean not null default true,
  simulated boolean not null default false,
  credentials bytea,
  scopes text[],
  -- Streams that the user does not want.
  disabled_streams text[] not null default '{}',
  access_expires_at timestamptz,
  -- When the refresh token ends, and the connection with it; null where nobody knows.
  refresh_expires_at timestamptz,
  -- The user's order of preference where several sources have one kind; lower goes first.
  preference integer,
  -- The depth: no day before it is asked for.
  history_from date not null,
  -- The older days are not asked for until the user says so.
  history_paused boolean not null default false,
  -- For streams of measurements: one a so many seconds is kept, by the stream's id; all where it is not named.
  keep_every jsonb not null default '{}',
  connected_at timestamptz,
  last_sync_at timestamptz,
  -- When the schedule asks next, if the connection is enabled and well then; null where it never does.
  next_sync_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, source_id, account_id)
);
-- Of a source a user has one connection at most that has no account yet.
create unique index unnamed_account on tributary.user_integrations (user_id, source_id) where account_id is null;
-- What the schedule may ask, by the moment it is due.
create index due on tributary.user_integrations (next_sync_at) where enabled and state in ('connected', 'retrying', 'misconfigured');

-- The next time after a moment that a connection's own second of the hour comes; spread by its id, the same every hour.
create function tributary.next_sync_after(connection_id uuid, moment timestamptz) returns timestamptz
  language sql immutable parallel safe
  return to_timestamp(floor(extract(epoch from moment)) + 3600
    - mod(floor(extract(epoch from moment)) - mod(hashtext(connection_id::text)::bigint + 2147483648, 3600), 3600));

-- One authorization on its way: used once, by the user and session that began it. What became of it is kept until it
-- expires, for browsers may deliver its callback a second time.
create table tributary.oauth_flows (
  state_hash bytea primary key,
  user_id uuid not null references tributary.users on delete cascade,
  session_id uuid not null references tributary.sessions on delete cascade,
  source_id text not null references tributary.integration_sources,
  -- Which connection is meant: an id, `new` for another account, or null for the first.
  connection text,
  code_verifier bytea,
  redirect_uri text not null,
  simulated boolean not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- 'connected', or the code of the problem that ended it; null while it is at work.
  outcome text
);
create index on tributary.oauth_flows (expires_at);

alter table tributary.user_integrations enable row level security;
alter table tributary.oauth_flows enable row level security;
create policy own on tributary.user_integrations to tributary_app
  using (user_id = (select tributary.current_user_id()));
create policy own on tributary.oauth_flows to tributary_app using (user_id = (select tributary.current_user_id()));
-- Expired flows are swept for everybody.
create policy sweep on tributary.oauth_flows to tributary_system using (true);

grant select, insert, update, delete on tributary.user_integrations, tributary.oauth_flows to tributary_app;
grant select (expires_at), delete on tributary.oauth_flows to tributary_system;

-- The connection of each user and source that is meant where none is named: the oldest; one of uploads alone comes last.
create view tributary.first_connections with (security_invoker = true) as
  select distinct on (user_id, source_id) * from tributary.user_integrations
  order by user_id, source_id, account_id is not distinct from 'uploads', created_at, id;
grant select on tributary.first_connections to tributary_app;

create view tributary.plugins with (security_invoker = true) as
  select id, user_id, source_id as plugin_id, state <> 'disconnected' as connected, enabled, state, simulated, account_id,
    last_sync_at, created_at, updated_at
  from tributary.user_integrations;
grant select on tributary.plugins to tributary_app;
