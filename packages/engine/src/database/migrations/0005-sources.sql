-- What the running plugins declare, written at every start.
create table tributary.integration_sources (
  id text primary key,
  name text not null,
  description text not null,
  icon text not null,
  retired_since date,
  successor text,
  updated_at timestamptz not null default now()
);

create table tributary.source_fields (
  source_id text not null references tributary.integration_sources on delete cascade,
  field text not null,
  stream text,
  type text not null check (type in ('number', 'duration', 'time', 'text')),
  unit text,
  kind text,
  day_rule text check (day_rule in ('sum', 'mean', 'min', 'max', 'first', 'last', 'start', 'end', 'duration')),
  belongs_to text not null default 'start' check (belongs_to in ('start', 'end')),
  -- For fields that an upload brought: whose they are, and what they are called. Null for what a plugin declares.
  user_id uuid references tributary.users on delete cascade,
  name text,
  unique nulls not distinct (source_id, field, user_id)
);
create index on tributary.source_fields (user_id) where user_id is not null;

-- What the admin sets. A secret's value is sealed.
create table tributary.system_config (
  key text primary key,
  value text,
  sealed_value bytea,
  -- The key of the ring that sealed it; it stands in the value itself.
  key_id text generated always as (encode(substring(sealed_value from 2 for 4), 'hex')) stored,
  updated_at timestamptz not null default now(),
  updated_by uuid references tributary.users on delete set null,
  check (value is null or sealed_value is null)
);

alter table tributary.source_fields enable row level security;
create policy declared on tributary.source_fields for select to tributary_app using (user_id is null);
create policy own on tributary.source_fields to tributary_app using (user_id = (select tributary.current_user_id()));
create policy registry on tributary.source_fields to tributary_system using (user_id is null);
alter table tributary.system_config enable row level security;
create policy configuration on tributary.system_config to tributary_system using (true);

grant select on tributary.integration_sources to tributary_app;
grant select, insert, update, delete on tributary.source_fields to tributary_app;
grant select, insert, update, delete on tributary.integration_sources, tributary.source_fields, tributary.system_config
  to tributary_system;
