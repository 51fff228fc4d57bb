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

alter table tributary.uploads enable row level security;
create policy own on tributary.uploads to tributary_app using (user_id = (select tributary.current_user_id()));
-- Uploads that broke off are swept for everybody.
create policy sweep on tributary.uploads to tributary_system using (true);

grant select, insert, update, delete on tributary.uploads to tributary_app;
grant select (id, user_id, last_chunk_at) on tributary.uploads to tributary_system;
