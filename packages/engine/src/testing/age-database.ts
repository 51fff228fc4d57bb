import type { TestDatabase } from './test-database.ts'

/** What an old installation has; a half of the jobs and fetches belongs to one of its users. */
export interface Age {
  /** Whose pages are looked at: half of all is theirs. They have connected their sources. */
  userId: string
  /** The present, as the app's clock says it. */
  now: string
  /** Connections of other people, four a person. */
  connections?: number
  /** Jobs that have ended, an hour after the other. */
  jobs?: number
  /** Fetches that were committed, each with a page and a body of its own. */
  fetches?: number
}

const sources = ['fitbit', 'google-fit', 'google-health', 'wakatime']

/**
 * Fills a database as years of use do. The sources' rows must be there: an engine with the built-in plugins has started once.
 * A million jobs and 100,000 fetches take about a minute.
 */
export async function ageDatabase({ query }: Pick<TestDatabase, 'query'>, age: Age): Promise<void> {
  const { userId, now, connections = 500, jobs = 1_000_000, fetches = 100_000 } = age
  await query(
    `with people as (
       insert into tributary.users (name, email, time_zone)
       select 'Person ' || n, 'person-' || n || '@example.org', 'Europe/Berlin' from generate_series(1, $1::integer) as n
       returning id
     )
     insert into tributary.user_integrations (user_id, source_id, account_id, state, history_from, next_sync_at)
     select people.id, source, 'account', 'connected', '2020-01-01', $2::timestamptz + interval '1 hour' * random()
     from people, unnest($3::text[]) as source`,
    [Math.ceil(connections / sources.length), now, sources],
  )
  const shares = [
    { condition: 'c.user_id = $3', share: 0.5 },
    { condition: 'c.user_id <> $3', share: 0.5 },
  ]
  for (const { condition, share } of shares) {
    const owners = `(select c.*, row_number() over (order by c.id) - 1 as place, count(*) over () as owners
      from tributary.user_integrations c where ${condition}) as c`
    await query(
      `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, selection, from_day, to_day, status, priority,
         run_after, created_at, started_at, finished_at, counts)
       select c.user_id, c.id, c.source_id, 'schedule', 'due', at::date - 6, at::date, 'succeeded', 30, at, at, at, at + interval '2 seconds',
         '{"activity": {"requests": 3, "bytes": 9000, "pages": 3, "read": 7, "values": 21, "new": 0, "changed": 1, "unchanged": 20, "removed": 0, "setAside": 0, "rejected": 0}}'
       from generate_series(0, $1::integer - 1) as n join ${owners} on n % c.owners = c.place,
         lateral (select $2::timestamptz - make_interval(hours => (1 + n / c.owners)::integer) as at) as moment`,
      [Math.round(jobs * share), now, userId],
    )
    await query(
      `with made as (
         insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day, zone, started_at, completed_at, covered_at, job_id)
         select c.user_id, c.source_id, c.account_id, 'activity', at::date - 6, at::date, 'Europe/Berlin', moment.at, moment.at, moment.at,
           (select j.id from tributary.import_jobs j where j.connection_id = c.id and j.created_at <= at order by j.created_at desc limit 1)
         from generate_series(0, $1::integer - 1) as n join ${owners} on n % c.owners = c.place,
           lateral (select $2::timestamptz - make_interval(hours => (1 + n / c.owners)::integer) as at) as moment
         order by moment.at
         returning id, user_id
       ), bodies as (
         insert into tributary.raw_bodies (user_id, hash, body, body_bytes)
         select user_id, sha256(id::text::bytea), id::text::bytea, 9000 from made
       )
       insert into tributary.raw_pages (fetch_id, page, user_id, hash) select id, 0, user_id, sha256(id::text::bytea) from made`,
      [Math.round(fetches * share), now, userId],
    )
  }
  await query('vacuum analyze')
}
