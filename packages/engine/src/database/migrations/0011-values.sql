create table tributary.series (
  id integer generated always as identity primary key,
  user_id uuid not null references tributary.users on delete cascade,
  source_id text not null,
  account_id text not null,
  field text not null,
  dimension text not null default '',
  origin text not null default '',
  -- An upload's number; 0 for what is fetched. Of the same day the newest layer counts.
  layer integer not null default 0,
  unique (user_id, source_id, account_id, field, dimension, origin, layer)
);

-- A foreign key would be checked row by row in every import; the triggers below keep what it would, in sets.
create table tributary.measurements (
  series_id integer not null,
  start_at timestamptz not null,
  end_at timestamptz not null check (end_at >= start_at),
  value double precision not null,
  primary key (series_id, start_at)
) partition by hash (series_id);
-- All rows of it. Row-level security takes no COPY, so new ones come in here, where nothing can be read or changed.
create table tributary.measurement_rows partition of tributary.measurements for values with (modulus 1, remainder 0);

-- What the policy of measurements asks of each row, asked of all that a statement brings at once.
create function tributary.keep_to_own_series() returns trigger
  language plpgsql set search_path = ''
  as $$ begin
    if exists (select from arrived where series_id not in (select id from tributary.series)) then
      raise insufficient_privilege using message = 'new measurements of a series that is not the user''s';
    end if;
    return null;
  end $$;
create trigger keep_to_own_series after insert on tributary.measurement_rows
  referencing new table as arrived for each statement execute function tributary.keep_to_own_series();

-- One time of day out of several, in minutes from midnight, on a clock on which 23:30 and 00:30 are an hour apart: each is
-- moved by whole days to within half a day of their mean direction. The rule of src/time-of-day.ts; `rule`: mean, min or max.
create function tributary.combine_times(rule text, times double precision[]) returns double precision
language sql immutable
begin atomic
  with means as (
    select avg(sind(t / 4)) as sine, avg(cosd(t / 4)) as cosine, avg(t) as mean from unnest(times) as t
  ), directed as (
    -- Times opposite each other have no mean direction; the day is then cut at midnight.
    select mean, case when sqrt(sine * sine + cosine * cosine) < 1e-9 then 720
      else round((4 * atan2d(sine, cosine))::numeric, 6)::double precision end as direction
    from means
  ), together as (
    select t - 1440 * ceil((t - middle) / 1440 - 0.5) as t
    from unnest(times) as t, (select direction + 1440 * ceil((mean - direction) / 1440 - 0.5) as middle from directed) as placed
  )
  select round(case rule when 'mean' then avg(t) when 'min' then min(t) when 'max' then max(t) end::numeric, 6)::double precision
  from together;
end;

create table tributary.daily_records (
  series_id integer not null,
  day date not null,
  value double precision,
  text_value text,
  primary key (series_id, day),
  check (num_nonnulls(value, text_value) = 1)
);

create function tributary.delete_values() returns trigger
  language plpgsql security definer set search_path = ''
  as $$ begin
    delete from tributary.measurements where series_id in (select id from gone);
    delete from tributary.daily_records where series_id in (select id from gone);
    return null;
  end $$;
create trigger delete_values after delete on tributary.series
  referencing old table as gone for each statement execute function tributary.delete_values();

create table tributary.daily_metric_values (
  user_id uuid not null references tributary.users on delete cascade,
  day date not null,
  metric_name text not null,
  source text not null,
  value double precision,
  text_value text,
  basis text not null check (basis in ('manual', 'daily-record', 'measurements', 'merged')),
  -- When it last became another value, and by which job; what it was before is in `value_changes`.
  changed_at timestamptz not null default now(),
  job_id uuid,
  primary key (user_id, metric_name, day),
  check (num_nonnulls(value, text_value) = 1)
);

create table tributary.manual_entries (
  user_id uuid not null references tributary.users on delete cascade,
  metric_name text not null,
  day date not null,
  value double precision,
  text_value text,
  entered_at timestamptz not null default now(),
  primary key (user_id, metric_name, day),
  check (num_nonnulls(value, text_value) = 1)
);

create table tributary.metric_templates (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references tributary.users on delete cascade,
  name text not null,
  position integer not null,
  -- The one that Today shows.
  chosen boolean not null default false,
  metrics jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on tributary.metric_templates (user_id, position);

alter table tributary.series enable row level security;
alter table tributary.measurements enable row level security;
alter table tributary.daily_records enable row level security;
alter table tributary.daily_metric_values enable row level security;
alter table tributary.manual_entries enable row level security;
alter table tributary.metric_templates enable row level security;
create policy own on tributary.series to tributary_app using (user_id = (select tributary.current_user_id()));
-- The subquery sees only the user's own series, by the policy above, and is hashed once a statement.
create policy own on tributary.measurements to tributary_app using (series_id in (select id from tributary.series));
create policy own on tributary.daily_records to tributary_app using (series_id in (select id from tributary.series));
create policy own on tributary.daily_metric_values to tributary_app
  using (user_id = (select tributary.current_user_id()));
create policy own on tributary.manual_entries to tributary_app using (user_id = (select tributary.current_user_id()));
create policy own on tributary.metric_templates to tributary_app
  using (user_id = (select tributary.current_user_id()));

grant select, insert, update, delete on tributary.series, tributary.measurements, tributary.daily_records,
  tributary.daily_metric_values, tributary.manual_entries, tributary.metric_templates to tributary_app;

grant insert on tributary.measurement_rows to tributary_app;

create view tributary.daily_metrics with (security_invoker = true) as
  select user_id, day,
    max(value) filter (where metric_name = 'metric.steps') as steps,
    max(value) filter (where metric_name = 'metric.sleep-duration') as sleep_length,
    max(value) filter (where metric_name = 'metric.wake-up-time') as wake_up_time,
    max(value) filter (where metric_name = 'metric.bed-time') as bed_time,
    max(value) filter (where metric_name = 'metric.resting-heart-rate') as resting_heart_rate,
    max(value) filter (where metric_name = 'metric.cardio-load') as cardio_load,
    max(value) filter (where metric_name = 'metric.readiness') as readiness
  from tributary.daily_metric_values
  where metric_name in ('metric.steps', 'metric.sleep-duration', 'metric.wake-up-time', 'metric.bed-time',
    'metric.resting-heart-rate', 'metric.cardio-load', 'metric.readiness')
  group by user_id, day;
grant select on tributary.daily_metrics to tributary_app;
