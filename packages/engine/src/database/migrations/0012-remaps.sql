-- Stored answers read again: first compared with what is stored, then, when the user says so, written at once.
create table tributary.remaps (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  connection_id uuid not null references tributary.user_integrations on delete cascade,
  source_id text not null,
  account_id text not null,
  status text not null check (status in ('comparing', 'ready', 'applying', 'applied', 'cancelled')),
  -- Who wanted it: the user, or the app since the plugin's mapping changed.
  because text not null check (because in ('asked', 'mapping')),
  -- The mapping that the answers are read by.
  mapping_version integer not null,
  -- What would change: how many values, and the largest differences.
  preview jsonb,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create unique index one_open_remap_per_connection on tributary.remaps (connection_id)
  where status in ('comparing', 'ready', 'applying');
create index on tributary.remaps (user_id, created_at desc);
create index on tributary.remaps (connection_id);

-- For each data type of a stream the newest complete fetch of each day.
create table tributary.remap_windows (
  remap_id uuid not null references tributary.remaps on delete cascade,
  number integer not null,
  stream text not null,
  data_type text not null,
  from_day date not null,
  to_day date not null,
  fetch_id bigint not null references tributary.fetches on delete cascade,
  zone text not null,
  -- A newer answer, of another zone, speaks of its date but not of all its hours: it says only what was measured in them.
  hours_only boolean not null,
  state text not null default 'planned' check (state in ('planned', 'compared', 'unreadable')),
  -- The days with data, once compared.
  filled date[] not null default '{}',
  -- The days on which the source was still at work.
  unsettled date[] not null default '{}',
  -- Records could not be read.
  too_many_rejected boolean not null default false,
  -- Those records, as `import_rejections` keeps them.
  rejections jsonb not null default '[]',
  primary key (remap_id, number)
);
create index on tributary.remap_windows (fetch_id);

-- Where what is stored differs from what the answers now say.
create table tributary.remap_days (
  remap_id uuid not null references tributary.remaps on delete cascade,
  number integer not null,
  series_id integer not null,
  day date not null,
  value double precision,
  text_value text,
  action text not null,
  primary key (remap_id, series_id, day)
);
create table tributary.remap_measurements (
  remap_id uuid not null references tributary.remaps on delete cascade,
  number integer not null,
  series_id integer not null,
  start_at timestamptz not null,
  end_at timestamptz,
  value double precision,
  action text not null,
  -- What moved from one window to another is gone in one and new in the other.
  primary key (remap_id, series_id, start_at, number)
);

alter table tributary.remaps enable row level security;
alter table tributary.remap_windows enable row level security;
alter table tributary.remap_days enable row level security;
alter table tributary.remap_measurements enable row level security;
create policy own on tributary.remaps to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.remap_windows to tributary_app using (remap_id in (select id from tributary.remaps));
create policy own on tributary.remap_days to tributary_app using (remap_id in (select id from tributary.remaps));
create policy own on tributary.remap_measurements to tributary_app using (remap_id in (select id from tributary.remaps));
-- A worker claims whatever remap is next, whoever's it is.
create policy claim on tributary.remaps to tributary_system using (true);

grant select, insert, update, delete on tributary.remaps, tributary.remap_windows, tributary.remap_days,
  tributary.remap_measurements to tributary_app;
grant select (id, user_id, source_id, mapping_version, status, created_at, lease_until), update (lease_until) on tributary.remaps to tributary_system;
