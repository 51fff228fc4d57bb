-- What programs show to use the API for a user. The token itself is seen once, by who made it.
create table tributary.api_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (scopes <> '{}' and scopes <@ '{read,write,import}'),
  -- SHA-256; the token is random, so that nothing slower is needed.
  token_hash bytea not null unique,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index on tributary.api_tokens (user_id);

alter table tributary.api_tokens enable row level security;
create policy own on tributary.api_tokens to tributary_app using (user_id = (select tributary.current_user_id()));
create policy lookup on tributary.api_tokens to tributary_system using (true);

grant select (id, user_id, name, scopes, expires_at, last_used_at, created_at), insert, delete
  on tributary.api_tokens to tributary_app;
grant select (id, user_id, scopes, token_hash, expires_at, last_used_at), update (last_used_at)
  on tributary.api_tokens to tributary_system;

-- Attempts to get in that failed, by what they were made on (an account, an address, a browser) as a keyed hash: they hold
-- for all processes and over restarts. No attempt is taken before free_at.
create table tributary.failed_attempts (
  subject bytea primary key,
  failures integer not null,
  last_at timestamptz not null,
  free_at timestamptz not null,
  -- Whether the audit log knows that somebody has to wait until then.
  logged boolean not null default false
);
create index on tributary.failed_attempts (last_at);
alter table tributary.failed_attempts enable row level security;
create policy sign_in on tributary.failed_attempts to tributary_system using (true);
grant select, insert, update, delete on tributary.failed_attempts to tributary_system;

-- The second step of signing in: codes of an app by time (RFC 6238). Its secret is sealed.
create table tributary.second_steps (
  user_id uuid primary key references tributary.users on delete cascade,
  secret bytea not null,
  -- Null until a first code has shown that the app has the secret.
  confirmed_at timestamptz,
  -- The newest span of time of which a code was used; no code is taken twice.
  last_span integer not null default 0
);

-- Codes for who lost the app, each good once; kept as a keyed hash.
create table tributary.backup_codes (
  user_id uuid not null references tributary.users on delete cascade,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);

-- Who has given the password and not yet the code.
create table tributary.pending_sign_ins (
  token_hash bytea primary key,
  user_id uuid not null references tributary.users on delete cascade,
  expires_at timestamptz not null
);
create index on tributary.pending_sign_ins (user_id);

alter table tributary.second_steps enable row level security;
alter table tributary.backup_codes enable row level security;
alter table tributary.pending_sign_ins enable row level security;
create policy sign_in on tributary.second_steps to tributary_system using (true);
create policy sign_in on tributary.backup_codes to tributary_system using (true);
create policy sign_in on tributary.pending_sign_ins to tributary_system using (true);
grant select, insert, update, delete on tributary.second_steps, tributary.backup_codes, tributary.pending_sign_ins
  to tributary_system;
