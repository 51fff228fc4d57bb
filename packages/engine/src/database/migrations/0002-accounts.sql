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
