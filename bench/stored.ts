import pg from 'pg'
import { migrate } from '../packages/engine/src/database/migrate.ts'
import { settle } from './settle.ts'

/** Who has the eight million measurements, and a year and more of daily values. */
export const owner = '00000000-0000-4000-8000-000000000001'
export const ownerEmail = 'ada@example.org'
export const storedRows = 8_000_000
const seriesCount = 8
const perSeries = storedRows / seriesCount
/** A measurement every thirty seconds, ending where the benchmarks' own ranges begin. */
const secondsApart = 30
const storedUntil = '2026-01-01T00:00:00Z'

/** What is asked of a year: fields, and kinds that name their source. */
export const storedMetrics = [
  ...Array.from({ length: 15 }, (_, number) => `bench.field${number}`),
  ...['steps', 'distance', 'calories', 'weight', 'hrv'].map((kind) => `metric.${kind}`),
]
export const storedYear = { from: '2025-01-01', to: '2025-12-31' }

/** Migrates a database and fills it with what an import meets in a hub of some years; and a table equal to `measurements`. */
export async function storeMeasurements(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl)
  const clients = [0, 1].map(() => new pg.Client({ connectionString: databaseUrl }))
  const [client, other] = clients as [pg.Client, pg.Client]
  try {
    for (const one of clients) {
      await one.connect()
      await one.query('set search_path = tributary, public')
    }
    const ids = await storeOwner(client)
    await client.query('create table public.equal_measurements (like measurement_rows including all)')
    await Promise.all([fill(client, 'measurements', ids), fill(other, 'equal_measurements', ids)])
    await settle(client)
  } finally {
    await Promise.all(clients.map((one) => one.end()))
  }
}

/** Ada, her source, her series and daily values; gives the ids of the series that are measured. */
async function storeOwner(client: pg.Client): Promise<number[]> {
  await client.query(
    `insert into users (id, name, email, time_zone) values ($1, 'Ada', $2, 'Europe/Berlin')`,
    [owner, ownerEmail],
  )
  await client.query(
    `insert into integration_sources (id, name, description, icon) values ('bench', 'Bench', 'For measuring.', '⏱')`,
  )
  await client.query(
    `insert into source_fields (source_id, field, stream, type, unit, day_rule)
     select 'bench', 'field' || n, 'field' || n, 'number', '/min', 'mean' from generate_series(0, 14) as n`,
  )
  const { rows } = await client.query<{ id: number }>(
    `insert into series (user_id, source_id, account_id, field)
     select $1, 'bench', 'ada', 'field' || n from generate_series(0, ${seriesCount - 1}) as n returning id`,
    [owner],
  )
  await client.query(
    `insert into daily_metric_values (user_id, day, metric_name, source, value, basis)
     select $1, date '2026-01-01' - n, metric, 'bench', round((60 + random() * 90)::numeric, 2),
       case when metric like 'metric.%' then 'merged' else 'measurements' end
     from unnest($2::text[]) as metric, generate_series(1, 347 + 2 * 365) as n`,
    [owner, storedMetrics],
  )
  return rows.map(({ id }) => id)
}

/** Fills a table without its index, and makes that afterwards: a third of the time. */
async function fill(client: pg.Client, table: string, series: number[]): Promise<void> {
  await client.query(`alter table ${table} drop constraint ${table}_pkey`)
  await client.query(
    `insert into ${table}
     select series, at, at, 60 + n % 90
     from unnest($1::integer[]) as series, lateral (
       select n, $2::timestamptz - make_interval(secs => n * ${secondsApart}) as at
       from generate_series(${perSeries}, 1, -1) as n) as made`,
    [series, storedUntil],
  )
  await client.query(`alter table ${table} add constraint ${table}_pkey primary key (series_id, start_at)`)
}
