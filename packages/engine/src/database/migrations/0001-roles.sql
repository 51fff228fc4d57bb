-- Web and worker log in as the database's owner and work as one of two roles that own nothing and bypass nothing:
-- tributary_app sees the rows of the user that the transaction names, tributary_system what crosses users.
do $$ begin
  create role tributary_app nologin nosuperuser nobypassrls;
exception when duplicate_object or unique_violation then null; end $$;

do $$ begin
  create role tributary_system nologin nosuperuser nobypassrls;
exception when duplicate_object or unique_violation then null; end $$;

do $$ begin
  execute format('grant tributary_app, tributary_system to %I', current_user);
exception when unique_violation then null; end $$;

grant usage on schema tributary to tributary_app, tributary_system;

-- The user whose rows may be seen; null where the transaction names none.
create function tributary.current_user_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('tributary.user_id', true), '')::uuid;
