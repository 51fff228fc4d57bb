-- The data key of a user, sealed by a key of the ring. It seals what is the user's, and goes with the user: no copy of a row
-- of theirs opens any more.
create table tributary.user_keys (
  user_id uuid primary key references tributary.users on delete cascade,
  wrapped_key bytea not null,
  -- The key of the ring that sealed it; it stands in the value itself.
  key_id text not null generated always as (encode(substring(wrapped_key from 2 for 4), 'hex')) stored,
  created_at timestamptz not null default now()
);
create index on tributary.user_keys (key_id);

-- What the installation keeps for itself, such as what signs the cookies of sessions.
create table tributary.installation_secrets (
  purpose text primary key,
  sealed_value bytea not null,
  key_id text not null generated always as (encode(substring(sealed_value from 2 for 4), 'hex')) stored,
  created_at timestamptz not null default now()
);

alter table tributary.user_keys enable row level security;
alter table tributary.installation_secrets enable row level security;
create policy own on tributary.user_keys to tributary_app using (user_id = (select tributary.current_user_id()));
create policy rewrap on tributary.user_keys to tributary_system using (true);
create policy keys on tributary.installation_secrets to tributary_system using (true);

grant select, insert on tributary.user_keys to tributary_app;
grant select, update (wrapped_key) on tributary.user_keys to tributary_system;
grant select, insert, update (sealed_value) on tributary.installation_secrets to tributary_system;
