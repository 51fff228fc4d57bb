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

alter table tributary.fetches enable row level security;
alter table tributary.raw_bodies enable row level security;
alter table tributary.raw_pages enable row level security;
alter table tributary.import_rejections enable row level security;

create policy own on tributary.fetches to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.raw_bodies to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.raw_pages to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.import_rejections to tributary_app using (user_id = (select tributary.current_user_id()));

grant select, insert, update, delete on tributary.fetches, tributary.raw_bodies, tributary.raw_pages, tributary.import_rejections
  to tributary_app;
