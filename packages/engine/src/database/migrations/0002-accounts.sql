create table tributary.users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  role text not null default 'user' check (role in ('user', 'admin')),
  time_zone text not null default 'UTC',
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table tributary.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on tributary.sessions (user_id);
create index on tributary.sessions (expires_at);

-- How a user signs in: for now a password, hashed.
create table tributary.sign_in_methods (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index on tributary.sign_in_methods (user_id);

create table tributary.verifications (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on tributary.verifications (identifier);

-- One-time links by which an account is made; sign-up is closed otherwise.
create table tributary.sign_up_links (
  token_hash bytea primary key,
  role text not null check (role in ('user', 'admin')),
  email text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

alter table tributary.users enable row level security;
alter table tributary.sessions enable row level security;
alter table tributary.sign_in_methods enable row level security;
alter table tributary.verifications enable row level security;
alter table tributary.sign_up_links enable row level security;

create policy own on tributary.users to tributary_app using (id = (select tributary.current_user_id()));
create policy sign_in on tributary.users to tributary_system using (true);
create policy sign_in on tributary.sessions to tributary_system using (true);
create policy sign_in on tributary.sign_in_methods to tributary_system using (true);
create policy sign_in on tributary.verifications to tributary_system using (true);
create policy sign_in on tributary.sign_up_links to tributary_system using (true);

grant select, update (name, time_zone, updated_at) on tributary.users to tributary_app;
grant select, insert, update, delete on
  tributary.users, tributary.sessions, tributary.sign_in_methods, tributary.verifications, tributary.sign_up_links
  to tributary_system;

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
