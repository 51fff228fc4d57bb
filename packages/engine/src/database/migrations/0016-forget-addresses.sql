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
