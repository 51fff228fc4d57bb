import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { openDatabase } from '../database/database.ts'
import { createLog } from '../runtime/log.ts'
import type { SignedIn } from '../contract/engine.ts'
import { changeSteps } from '../testing/change-steps.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import type { WorkerProcessOptions } from '../testing/worker-process.ts'
import { compareNext } from './compare-windows.ts'

const last = '2026-11-19'
/** The fetches of days up to this one were made in another zone: they are compared in a transaction of their own. */
const moved = '2026-08-31'
let tributary: TestEngine
let ada: SignedIn
let owner: pg.Client
let child: ChildProcess | undefined
let factor: number
let read: string[]

beforeEach(async () => {
  factor = 1
  read = []
  tributary = await createTestEngine({
    plugins: [changeSteps(() => factor, { read: (zone) => read.push(zone) })],
    requestLimits: { fitbit: 100_000 },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  const worker = tributary.startWorker()
  await tributary.settled()
  await worker.stop()
  await tributary.database.query(`update tributary.fetches set zone = 'Africa/Algiers' where to_day <= $1`, [
    moved,
  ])
  owner = new pg.Client({ connectionString: tributary.database.url })
  await owner.connect()
})

afterEach(async () => {
  child?.kill('SIGKILL')
  await owner.end()
  await tributary.close()
})

/** Begins a remap whose comparison gets no further than the windows of the other zone. */
async function beginHeldUp(): Promise<void> {
  factor = 2
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await owner.query('begin')
  await owner.query(
    `select from tributary.remap_windows where zone <> 'Africa/Algiers' and stream = 'activity' for update`,
  )
}

const progress = () => tributary.engine.remaps.get(ada.user.id, 'fitbit')

const until = (condition: () => Promise<boolean>) => expect.poll(condition).toBe(true)

/** Until one zone is compared, and the other waits for the lock. */
const isHeldUp = async () => {
  const remap = await progress()
  // Not asked by the owner, who sees who is at work as it was when his transaction began.
  const waiting = await tributary.database.query(
    `select from pg_locks join pg_stat_activity a using (pid)
     where a.datname = current_database() and not granted and locktype in ('transactionid', 'tuple')`,
  )
  return (remap?.windows.compared ?? 0) > 0 && waiting.length > 0
}

const reached = (status: string) => expect.poll(async () => (await progress())?.status).toBe(status)

const steps = async () => {
  const range = { from: addDays(last, -200), to: last, metrics: ['fitbit.steps'] }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
  return days.map(({ values }) => values['fitbit.steps'])
}

const doubled = (values: unknown[]) => values.map((value) => value && Number(value) * 2)

test('a worker killed in the middle of a comparison is followed by another, which compares what is left alone', async () => {
  const { lab, database, clock, keys, engine } = tributary
  const before = await steps()
  await beginHeldUp()
  const options: WorkerProcessOptions = {
    databaseUrl: database.url,
    keys,
    now: clock.now().toString(),
    labUrl: lab.url,
    client: lab.lab.client('fitbit'),
    stepsFactor: 2,
  }
  const script = fileURLToPath(new URL('../testing/worker-process.ts', import.meta.url))
  child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'inherit' })
  await until(isHeldUp)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await owner.query('rollback')
  const compared = (await progress())?.windows.compared ?? 0
  read = []

  tributary.startWorker({ leaseSeconds: 1 })
  await reached('ready')
  expect(compared).toBeGreaterThan(0)
  expect([...new Set(read)]).toEqual(['Europe/Berlin'])
  await engine.remaps.apply(ada.user.id, 'fitbit')
  await reached('applied')
  expect(await steps()).toEqual(doubled(before))
})

test('two workers at the same windows, of which one was thought dead, note each difference once', async () => {
  await tributary.database.query(`update tributary.fetches set zone = 'Europe/Berlin'`)
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  const database = openDatabase({ url: tributary.database.url })
  const remap = await database.asUser(ada.user.id, (db) =>
    db.selectFrom('remaps').selectAll().executeTakeFirstOrThrow(),
  )
  const handler = changeSteps(() => 2)
  await Promise.all([1, 2].map(() => compareNext({ database, log: createLog('silent') }, remap, handler)))
  await database.close()
  const [noted] = await tributary.database.query<{ windows: number; days: number }>(
    `select (select count(*)::integer from tributary.remap_windows where state = 'compared') as windows,
       (select count(*)::integer from tributary.remap_days) as days`,
  )
  expect(noted?.windows).toBeGreaterThan(0)
  expect(noted?.days).toBeGreaterThan(0)
})

test('while stored answers are compared values are read, and an import is neither refused nor lost', async () => {
  const { engine } = tributary
  const before = await steps()
  await beginHeldUp()
  tributary.startWorker()
  await until(isHeldUp)
  expect(await steps()).toEqual(before)
  const days = { startDate: addDays(last, -2), endDate: last }
  const { id } = await engine.plugins.sync(ada.user.id, 'fitbit', days)
  const status = async () => (await engine.jobs.get(ada.user.id, id)).status
  await expect.poll(status).toBe('succeeded')
  expect((await progress())?.status).toBe('comparing')
  expect((await steps()).slice(-3)).toEqual(doubled(before).slice(-3))
  await owner.query('rollback')
  await reached('ready')
  await engine.remaps.apply(ada.user.id, 'fitbit')
  await reached('applied')
  expect(await steps()).toEqual(doubled(before))
})
