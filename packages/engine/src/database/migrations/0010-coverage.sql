create table tributary.coverage (
  user_id uuid not null references tributary.users on delete cascade,
  source_id text not null,
  account_id text not null,
  stream text not null,
  data_type text not null default '',
  state text not null check (state in ('has-data', 'had-none', 'not-due-yet', 'failed')),
  -- A day lies in one state's days at most; in none: never asked.
  days datemultirange not null,
  primary key (user_id, source_id, account_id, stream, data_type, state)
);

alter table tributary.coverage enable row level security;
create policy own on tributary.coverage to tributary_app using (user_id = (select tributary.current_user_id()));
grant select, insert, update, delete on tributary.coverage to tributary_app;
