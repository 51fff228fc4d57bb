import { join } from 'node:path'
import { plugins } from '@tributary/plugins'
import pg from 'pg'
import type { RunningEngine } from '../packages/engine/src/create-engine.ts'
import type { SignedIn } from '../packages/engine/src/contract/engine.ts'
import { limitAtOnce } from '../packages/engine/src/runtime/limit-at-once.ts'
import { round } from './import.ts'
import { now, openEngine, publicUrl } from './open-engine.ts'
import { settle } from './settle.ts'
import { startProcess } from './start-process.ts'
import { sumSteps } from './sum-steps.ts'

const connections = 1000
const connectedAtOnce = 8

/** Whole jobs of seven days of all daily streams, each of another user's connection, by one worker. */
export async function measureSync(databaseUrl: string) {
  const lab = startProcess(join(import.meta.dirname, 'lab.ts'), [now, publicUrl])
  const { url, sources, zone, client } = JSON.parse(await lab.firstLine())
  const engine = await openEngine(databaseUrl, plugins, {
    sources,
    zone,
    client: () => client,
    url,
    publicUrl: url,
    keepsLimits: false,
  })
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  await database.query('set search_path = tributary')
  try {
    const oneOfFew = limitAtOnce(connectedAtOnce)
    const users = await addUsers(database, zone)
    await Promise.all(users.map((user) => oneOfFew(() => connect(engine, user))))
    // The seven days are all that is asked for: no older ones follow.
    await database.query(
      `update user_integrations set history_from = $1::date - 6 where source_id = 'fitbit'`,
      [now],
    )
    await settle(database)
    const seen = await runJobs(engine)
    await checkJobs(database)
    const perJob = Object.entries(seen.sums).map(([step, sum]) => [step, round(sum / connections)] as const)
    return {
      jobsPerSecond: round((connections / (seen.last - seen.first)) * 1000),
      millisecondsBy: Object.fromEntries(perJob),
    }
  } finally {
    await database.end()
    await engine.close()
    await lab.stop()
  }
}

async function addUsers(database: pg.Client, zone: string): Promise<SignedIn[]> {
  const { rows } = await database.query<{ id: string; email: string; session: string }>(
    `with people as (
      insert into users (name, email, time_zone)
      select 'Person ' || n, n || '@sync.example.org', $1 from generate_series(1, $2::integer) as n returning id, email
    )
    insert into sessions (user_id, token, expires_at) select id, id::text, 'infinity' from people
    returning user_id as id, id as session, (select email from people where people.id = user_id) as email`,
    [zone, connections],
  )
  return rows.map(({ id, email, session }) => ({
    user: { id, name: email, email, role: 'user', timeZone: zone },
    sessionId: session,
  }))
}

/** Goes the way of consent as a browser does; that asks for the last seven days. */
async function connect(engine: RunningEngine, signedIn: SignedIn): Promise<void> {
  const address = await engine.plugins.startAuthorization(signedIn, 'fitbit')
  const form = new URLSearchParams({ decision: 'allow' })
  for (const scope of (address.searchParams.get('scope') ?? '').split(' ')) form.append('scope', scope)
  const response = await fetch(address, { method: 'POST', body: form, redirect: 'manual' })
  const callback = new URL(response.headers.get('location') ?? address)
  await engine.plugins.finishAuthorization(signedIn, 'fitbit', callback.searchParams)
}

/** From the first claim to the last job's end. */
async function runJobs(engine: RunningEngine) {
  const ended = Promise.withResolvers<undefined>()
  const seen = sumSteps((count) => count === connections && ended.resolve(undefined))
  const worker = engine.startWorker()
  await ended.promise
  await worker.stop()
  return seen
}

async function checkJobs(database: pg.Client): Promise<void> {
  const { rows } = await database.query<{ status: string; jobs: number; days: number }>(
    `select status, count(*)::integer as jobs, min(to_day - from_day) + 1 as days from import_jobs
     where source_id = 'fitbit' group by status`,
  )
  const [row] = rows
  if (rows.length !== 1 || row?.status !== 'succeeded' || row.jobs !== connections || row.days !== 7)
    throw new Error(`The jobs did not all succeed: ${JSON.stringify(rows)}`)
}
