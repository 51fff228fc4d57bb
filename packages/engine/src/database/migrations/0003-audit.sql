-- Who did what, when. Rows are added and read; no role of ours changes or removes one. The ids refer to no table: what a user
-- did stays when the user is gone, without their name.
create table tributary.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  action text not null,
  -- Null where nobody who is signed in did it: the app itself, the command line, or a stranger.
  actor_id uuid,
  -- The user whom it concerns.
  subject_id uuid,
  source_id text,
  request_id text,
  ip_address text,
  details jsonb not null default '{}'
);
create index on tributary.audit_log (action, id desc);

alter table tributary.audit_log enable row level security;
create policy own on tributary.audit_log for insert to tributary_app with check (
  actor_id = (select tributary.current_user_id())
  or actor_id is null and subject_id = (select tributary.current_user_id())
);
create policy read on tributary.audit_log for select to tributary_system using (true);
create policy write on tributary.audit_log for insert to tributary_system with check (true);

grant insert on tributary.audit_log to tributary_app;
grant select, insert on tributary.audit_log to tributary_system;

-- When a user goes, the audit log keeps what they did and forgets where they were: their own entries, and those of strangers
-- who tried to be them, lose the address. An entry in which another person acted keeps that person's.
create function tributary.forget_addresses() returns trigger
  language plpgsql security definer set search_path = ''
  as $$ begin
    update tributary.audit_log set ip_address = null
    where ip_address is not null and (actor_id in (select id from gone)
      or actor_id is null and subject_id in (select id from gone));
    return null;
  end $$;
create trigger forget_addresses after delete on tributary.users
  referencing old table as gone for each statement execute function tributary.forget_addresses();
