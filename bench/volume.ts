import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { createEngine } from '../packages/engine/src/create-engine.ts'
import { startEmbeddedPostgres } from '../packages/engine/src/database/embedded/start-embedded-postgres.ts'
import { parseKeyRing } from '../packages/engine/src/secrets/key-ring.ts'
import { readSettings } from '../packages/engine/src/configuration/settings.ts'
import { consent } from '../packages/engine/src/testing/test-engine.ts'
import { plugins } from '../packages/plugins/src/index.ts'
import { memoryStore, startLab } from '../packages/provider-lab/src/index.ts'
import { nodeFlags } from './node-flags.ts'
import type { VolumeWorkerOptions } from './volume-worker.ts'

/**
 * How much room a month of intraday data takes and what its import costs, for each detail that can be kept:
 * `node bench/volume.ts`. A worker of its own per choice; a heart rate every two seconds, as watches tell.
 */
const source = 'google-health'
const streams = ['heartIntraday', 'stepsIntraday', 'distanceIntraday', 'activeCaloriesIntraday']
const days = 30
const choices = [0, 60, 300, 900]

const folder = await mkdtemp(join(tmpdir(), 'tributary-volume-'))
const log = { info() {}, warn() {}, error: (message: string) => console.error(message) }
const server = await startEmbeddedPostgres({ dataDir: folder, log })
const client = new pg.Client({ connectionString: server.url })
const lab = await startLab({
  store: memoryStore(),
  clock: () => Temporal.Now.instant(),
  requestLimits: { [source]: 1_000_000 },
  options: { [source]: { heartRateSeconds: 2 } },
  redirectUri: (id) => `http://localhost:5173/api/plugins/${id}/callback`,
})
const keys = randomBytes(32).toString('base64')
const simulation = {
  sources: [...lab.lab.sources],
  zone: lab.lab.zone,
  url: lab.url,
  client: lab.lab.client(source),
}
const engine = await createEngine({
  settings: readSettings({ TRIBUTARY_SIMULATE: 'all', PUBLIC_URL: 'http://localhost:5173' }),
  databaseUrl: server.url,
  keys: parseKeyRing(keys),
  plugins: plugins.map((plugin) => ({ plugin, file: 'a benchmark' })),
  log: pino({ level: 'error' }),
  simulation: { ...simulation, client: () => simulation.client, publicUrl: lab.url, keepsLimits: false },
})
try {
  await client.connect()
  await client.query('set search_path = tributary')
  for (const keep of choices) await measure(keep)
} finally {
  await engine.close()
  await lab.close()
  await client.end()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measure(keep: number): Promise<void> {
  const userId = await connect(keep)
  const before = await readSizes()
  const options: VolumeWorkerOptions = { databaseUrl: server.url, keys, simulation }
  const began = performance.now()
  const worker = spawn(
    process.execPath,
    [...nodeFlags, join(import.meta.dirname, 'volume-worker.ts'), JSON.stringify(options)],
    { stdio: 'inherit' },
  )
  const memory = await follow(worker, userId)
  const seconds = (performance.now() - began) / 1000
  worker.kill('SIGKILL')
  const after = await readSizes()
  const { rows } = await client.query<Record<string, number>>(
    `select (select count(*) from measurements m join series s on s.id = m.series_id where s.user_id = $1)::integer as measurements,
       (select count(*) from measurements m join series s on s.id = m.series_id
         where s.user_id = $1 and s.field = 'heartRate')::integer as "heartRates",
       (select count(distinct (start_at at time zone 'UTC')::date) from measurements m join series s on s.id = m.series_id
         where s.user_id = $1 and s.field = 'heartRate')::integer as "heartDays",
       (select sum((c.value ->> 'requests')::integer) from import_jobs, jsonb_each(counts) as c where user_id = $1)::integer as requests,
       (select count(*) from raw_pages where user_id = $1)::integer as pages,
       (select sum(body_bytes) from raw_bodies where user_id = $1)::float8 as "rawBytes",
       (select sum(octet_length(body)) from raw_bodies where user_id = $1)::float8 as "compressedBytes"`,
    [userId],
  )
  console.log(
    JSON.stringify({
      keep,
      days,
      seconds: Math.round(seconds),
      ...rows[0],
      measurementTableAndIndexBytes: after.measurements - before.measurements,
      rawTableAndIndexBytes: after.raw - before.raw,
      databaseBytes: after.database - before.database,
      ...memory,
    }),
  )
}

async function connect(keep: number): Promise<string> {
  const { rows } = await client.query<{ user: string; session: string }>(
    `with person as (insert into users (name, email, role, time_zone) values ('Ada', $1, 'user', $2) returning id),
       session as (insert into sessions (user_id, token, expires_at) select id, $1, 'infinity' from person returning id)
     select person.id as user, session.id as session from person, session`,
    [`keep-${keep}@example.org`, lab.lab.zone],
  )
  const { user: id = '', session: sessionId = '' } = rows[0] ?? {}
  const user = { id, name: 'Ada', email: '', role: 'user' as const, timeZone: lab.lab.zone }
  const signedIn = { user, sessionId }
  const address = await engine.plugins.startAuthorization(signedIn, source)
  await engine.plugins.finishAuthorization(signedIn, source, await consent(address))
  const { streams: offered } = await engine.plugins.get(id, source)
  const from = Temporal.Now.plainDateISO(lab.lab.zone).subtract({ days }).toString()
  await engine.plugins.change(id, source, {
    streams: offered.map((stream) => stream.id),
    historyFrom: from,
    keepEvery: Object.fromEntries(streams.map((stream) => [stream, keep])),
  })
  return id
}

/** Resolves when all jobs have ended, with the memory of the worker by days of heart rate that were in. */
async function follow(worker: ChildProcess, userId: string) {
  const byDay = new Map<number, number>()
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8')
    const of = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
    const rssMb = of('VmRSS')
    const { rows } = await client.query<{ open: number; ended: number; days: number }>(
      `select count(*) filter (where finished_at is null)::integer as open, count(finished_at)::integer as ended,
         (select coalesce(sum(upper(part) - lower(part)), 0) from coverage, unnest(days) as part
           where user_id = $1 and stream = 'heartIntraday' and state = 'has-data')::integer as days
       from import_jobs where user_id = $1`,
      [userId],
    )
    const { open = 0, ended = 0, days: filled = 0 } = rows[0] ?? {}
    byDay.set(filled, Math.max(byDay.get(filled) ?? 0, rssMb))
    if (open === 0 && ended > 0)
      return { peakRssMb: of('VmHWM'), rssMbByDay: [...byDay].map(([day, mb]) => `${day}: ${mb}`).join(', ') }
  }
}

async function readSizes() {
  await client.query('vacuum analyze')
  const { rows } = await client.query<{ measurements: number; raw: number; database: number }>(
    `select pg_total_relation_size('measurement_rows')::float8 as measurements,
       (pg_total_relation_size('raw_bodies') + pg_total_relation_size('raw_pages'))::float8 as raw,
       pg_database_size(current_database())::float8 as database`,
  )
  return rows[0] ?? { measurements: 0, raw: 0, database: 0 }
}
