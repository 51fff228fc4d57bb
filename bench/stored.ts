import pg from 'pg'
import { migrate } from '../packages/engine/src/database/migrate.ts'

/** Who has the eight million measurements. */
export const owner = '00000000-0000-4000-8000-000000000001'
export const storedRows = 8_000_000
const seriesCount = 8
const perSeries = storedRows / seriesCount
/** A measurement every thirty seconds, ending where the benchmarks' own ranges begin. */
const secondsApart = 30
export const storedUntil = '2026-01-01T00:00:00Z'

/** Migrates a database and fills it with what an import meets in a hub of some years; and a table equal to `measurements`. */
export async function storeMeasurements(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(`set search_path = tributary`)
    await client.query(
      `insert into users (id, name, email, time_zone) values ($1, 'Ada', 'ada@example.org', 'Europe/Berlin')`,
      [owner],
    )
    await client.query(
      `insert into integration_sources (id, name, description, icon) values ('bench', 'Bench', 'For measuring.', '⏱')`,
    )
    for (let number = 0; number < seriesCount; number++) {
      await client.query(
        `insert into source_fields (source_id, field, stream, type, unit, day_rule) values ('bench', $1, $1, 'number', '/min', 'mean')`,
        [`field${number}`],
      )
      const { rows } = await client.query<{ id: number }>(
        `insert into series (user_id, source_id, account_id, field) values ($1, 'bench', 'ada', $2) returning id`,
        [owner, `field${number}`],
      )
      await client.query(
        `insert into measurements select $1, at, at, 60 + n % 90
         from (select n, $2::timestamptz - make_interval(secs => n * ${secondsApart}) as at
           from generate_series(${perSeries}, 1, -1) as n) as made`,
        [rows[0]?.id, storedUntil],
      )
    }
    await client.query('create table equal_measurements (like measurements including all)')
    await client.query('insert into equal_measurements select * from measurements')
    await client.query('vacuum (analyze) measurements, equal_measurements')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}
