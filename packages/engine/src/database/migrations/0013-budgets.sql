-- One row for each request to a source that declares limits: when it was or will be sent. Those older than the longest
-- limit are swept by the next.
create table tributary.request_tickets (
  source_id text not null references tributary.integration_sources on delete cascade,
  -- The client that asks: its project's limits hold over all of its accounts.
  client_id text not null,
  account_id text not null,
  at timestamptz not null
);
create index on tributary.request_tickets (source_id, client_id, at);
create index on tributary.request_tickets (source_id, client_id, account_id, at);

alter table tributary.request_tickets enable row level security;
create policy budgets on tributary.request_tickets to tributary_system using (true);
grant select, insert, delete on tributary.request_tickets to tributary_system;

-- Gives the first moment from `earliest` on at which all limits let one more request through, and books it unless it lies
-- after `latest`. Whoever asks first goes first. A limit that is `shared` leaves each account of several a part: one takes
-- at most three quarters of what the others left of it.
create function tributary.take_ticket(source text, client text, account text, limits jsonb, earliest timestamptz,
  latest timestamptz) returns timestamptz language plpgsql as $$
declare
  ticket timestamptz := earliest;
  known record;
begin
  perform pg_advisory_xact_lock(hashtextextended('requests ' || source || ' ' || client, 0));
  -- What a crash forgets is the last moment's count.
  perform set_config('synchronous_commit', 'off', true);
  for known in
    select rule.requests, make_interval(secs => rule.seconds) as span, rule.whole, rule.shared,
      (select count(*) from tributary.request_tickets t where rule.shared and t.source_id = source
        and t.client_id = client and t.account_id <> account
        and t.at > earliest - make_interval(secs => rule.seconds)) as others
    from jsonb_to_recordset(limits) as rule (requests integer, seconds double precision, whole boolean, shared boolean)
  loop
    ticket := greatest(ticket, (
      select t.at + known.span from tributary.request_tickets t
      where t.source_id = source and t.client_id = client and (known.whole or t.account_id = account)
      order by t.at desc offset known.requests - 1 limit 1));
    if known.shared then
      ticket := greatest(ticket, (
        select t.at + known.span from tributary.request_tickets t
        where t.source_id = source and t.client_id = client and t.account_id = account
        order by t.at desc offset greatest(ceil((known.requests - known.others) * 0.75), 1) - 1 limit 1));
    end if;
  end loop;
  if ticket > latest then
    return ticket;
  end if;
  delete from tributary.request_tickets t where t.source_id = source and t.client_id = client and t.at < earliest - (
    select make_interval(secs => max(rule.seconds)) from jsonb_to_recordset(limits) as rule (seconds double precision));
  insert into tributary.request_tickets values (source, client, account, ticket);
  return ticket;
end $$;
