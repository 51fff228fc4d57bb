import pg from 'pg'
import { openDatabase } from '../packages/engine/src/database/database.ts'
import { migrate } from '../packages/engine/src/database/migrate.ts'
import { chooseDue } from '../packages/engine/src/schedule/choose-due.ts'
import { claimDue } from '../packages/engine/src/schedule/claim-due.ts'
import { round } from './import.ts'
import { p99 } from './median.ts'
import { settle } from './settle.ts'

const connections = 1_000_000
const dueAtOnce = 1000
const times = 100
const start = Temporal.Instant.from('2026-11-20T12:00:00Z')

/**
 * A thousand due connections among a million: their choosing, which is what grows with the number of connections; and the
 * whole of it, with a thousand jobs written, their next moments set and all committed.
 */
export async function measureSchedule(databaseUrl: string) {
  const url = await createConnections(databaseUrl)
  const database = openDatabase({ url })
  const choosing: number[] = []
  const taking: number[] = []
  try {
    for (let time = 0; time < times; time++) {
      const now = start.add({ seconds: time })
      choosing.push(await timeOf(() => choose(now)))
      taking.push(await timeOf(() => take(now)))
    }
  } finally {
    await database.close()
  }
  return { p99Ms: round(p99(choosing)), takeP99Ms: round(p99(taking)) }

  async function choose(now: Temporal.Instant): Promise<void> {
    await database.asSystem(async (db) => {
      const { rows } = await chooseDue(now.toString()).execute(db)
      if (rows.length !== dueAtOnce) throw new Error(`${rows.length} connections were due`)
    })
  }

  async function take(now: Temporal.Instant): Promise<void> {
    const { jobs } = await claimDue(database, now)
    // One whose own second of the hour comes again while its job waits gets no second job.
    if (jobs < dueAtOnce * 0.9) throw new Error(`${jobs} jobs were made`)
  }
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** A database with a million connections, of which a thousand fall due in each second; gives its address. */
async function createConnections(databaseUrl: string): Promise<string> {
  const server = new pg.Client({ connectionString: databaseUrl })
  await server.connect()
  await server.query('create database schedule')
  await server.end()
  const url = new URL(databaseUrl)
  url.pathname = '/schedule'
  await migrate(url.href)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query('set search_path = tributary')
    await client.query(
      `insert into integration_sources (id, name, description, icon) values ('bench', 'Bench', '', '')`,
    )
    await client.query(
      `insert into users (name, email) select 'x', n || '@example.org' from generate_series(1, ${connections}) as n`,
    )
    await client.query(
      `insert into user_integrations (user_id, source_id, state, history_from, next_sync_at)
       select id, 'bench', 'connected', '2026-01-01', $1::timestamptz + make_interval(secs => floor((row_number() over () - 1) / ${dueAtOnce}))
       from users`,
      [start.toString()],
    )
    await settle(client)
  } finally {
    await client.end()
  }
  return url.href
}
