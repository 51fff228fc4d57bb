import { setTimeout as sleep } from 'node:timers/promises'
import type { Field } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { close, notBegun } from './close-job.ts'
import { commitWindows, type ReadyWindow } from '../import-run/commit-windows.ts'
import { stageRecords } from '../values/stage-records.ts'
import { createRegistry } from '../sources/registry.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { claimJob, releaseJob, releaseLostJobs, renewJobLease } from './claim-job.ts'
import { requestImport } from './request-import.ts'
import type { ImportJob } from '../database/schema.ts'
import { AttemptLost } from './fence.ts'

let tributary: TestEngine
let database: Database
let ada: SignedIn
let connection: { id: string; user_id: string; source_id: string }

const lease = { seconds: 30 }

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  await tributary.database.query('delete from tributary.import_jobs')
  const [row] = await tributary.database.query<{ id: string }>('select id from tributary.user_integrations')
  connection = { id: row?.id ?? '', user_id: ada.user.id, source_id: 'fitbit' }
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

const now = () => tributary.clock.now()

function request(
  from: string,
  to: string,
  trigger: 'manual' | 'history' | 'schedule' = 'manual',
  of = connection,
) {
  return database.asUser(ada.user.id, (db) =>
    requestImport(db, {
      connection: of,
      trigger,
      selection: trigger === 'history' ? 'never-fetched' : 'days',
      from,
      to,
      now: now(),
    }),
  )
}

test('a request that touches a waiting job widens it; one that lies apart is a job of its own', async () => {
  const first = await request('2026-11-10', '2026-11-15')
  expect(await request('2026-11-16', '2026-11-18')).toBe(first)
  expect(await request('2026-11-05', '2026-11-09')).toBe(first)
  expect(await request('2026-11-08', '2026-11-12')).toBe(first)
  expect(await tributary.engine.jobs.get(ada.user.id, first)).toMatchObject({
    from: '2026-11-05',
    to: '2026-11-18',
  })
  expect(await request('2025-01-01', '2025-01-03')).not.toBe(first)
})

test('a request widens no job that asks otherwise, and none of another connection', async () => {
  const first = await request('2026-11-10', '2026-11-15')
  expect(await request('2026-11-10', '2026-11-15', 'history')).not.toBe(first)
  await tributary.connect(ada, 'google-fit')
  const [row] = await tributary.database.query<{ id: string }>(
    `select id from tributary.user_integrations where source_id = 'google-fit'`,
  )
  const other = { ...connection, id: row?.id ?? '', source_id: 'google-fit' }
  expect(await request('2026-11-10', '2026-11-15', 'manual', other)).not.toBe(first)
  expect(await request('2026-11-10', '2026-11-15')).toBe(first)
})

/** Has a job wait in this way for an hour more. */
async function wait(id: string, status: 'retrying' | 'waiting') {
  const later = now().add({ hours: 1 }).toString()
  await tributary.database.query(
    `update tributary.import_jobs set status = $2, run_after = $3 where id = $1`,
    [id, status, later],
  )
  return later
}

const stored = async (id: string) => {
  const [row] = await tributary.database.query<{ trigger: string; priority: number; moment: string }>(
    `select trigger, priority, run_after::text as moment from tributary.import_jobs where id = $1`,
    [id],
  )
  return row && { ...row, moment: Temporal.Instant.from(row.moment).toString() }
}

test("a person's request makes a job that is tried again its own, and has it done at once", async () => {
  const id = await request('2026-11-10', '2026-11-15', 'schedule')
  await wait(id, 'retrying')
  expect(await request('2026-11-12', '2026-11-13')).toBe(id)
  const asked = { trigger: 'manual', priority: 10, moment: now().toString() }
  expect(await stored(id)).toEqual(asked)
  tributary.clock.add({ minutes: 1 })
  expect(await request('2026-11-12', '2026-11-13', 'schedule')).toBe(id)
  expect(await stored(id)).toEqual(asked)
})

test('a request does not bring a job forward that waits for a limit', async () => {
  const id = await request('2026-11-10', '2026-11-15', 'schedule')
  const moment = await wait(id, 'waiting')
  expect(await request('2026-11-12', '2026-11-13')).toBe(id)
  expect(await stored(id)).toEqual({ trigger: 'manual', priority: 10, moment })
})

test('a request does not widen a job that is running', async () => {
  const first = await request('2026-11-10', '2026-11-15')
  await claimJob(database, now(), lease)
  expect(await request('2026-11-10', '2026-11-15')).not.toBe(first)
})

test("a person's request goes before the schedule, and that before history", async () => {
  const requests = [
    await request('2020-01-01', '2020-02-01', 'history'),
    await request('2026-11-01', '2026-11-02', 'schedule'),
    await request('2026-10-01', '2026-10-02'),
  ]
  // The oldest is the one that goes last.
  for (const [minutes, id] of requests.entries())
    await tributary.database.query(`update tributary.import_jobs set run_after = $2 where id = $1`, [
      id,
      now()
        .subtract({ minutes: 10 - minutes })
        .toString(),
    ])
  const claimed = []
  while (claimed.length < 3) {
    claimed.push((await claimJob(database, now(), lease))?.id)
    await tributary.database.query(
      `update tributary.import_jobs set status = 'succeeded' where status = 'running'`,
    )
  }
  expect(claimed).toEqual(requests.reverse())
})

test('a connection that is at work keeps no other from its turn', async () => {
  await request('2026-11-10', '2026-11-11')
  await claimJob(database, now(), lease)
  await request('2026-10-10', '2026-10-11')
  const ben = await tributary.addUser('ben@example.org')
  await tributary.connect(ben, 'fitbit')
  await tributary.database.query(`update tributary.import_jobs set priority = 50 where user_id = $1`, [
    ben.user.id,
  ])
  expect(await claimJob(database, now(), lease)).toMatchObject({ user_id: ben.user.id })
})

test('of requests alike the one that waits longest goes first', async () => {
  const late = await request('2026-10-01', '2026-10-02')
  await tributary.database.query(`update tributary.import_jobs set run_after = $1`, [
    now().subtract({ minutes: 1 }).toString(),
  ])
  const later = await request('2026-09-01', '2026-09-02')
  const claimed = async () => (await claimJob(database, now(), lease))?.id
  expect(await claimed()).toBe(late)
  await tributary.database.query(`update tributary.import_jobs set status = 'succeeded' where id = $1`, [
    late,
  ])
  expect(await claimed()).toBe(later)
})

test('a job that another worker is about to claim keeps nobody from the next', async () => {
  const first = await request('2026-11-10', '2026-11-11')
  const second = await request('2026-10-10', '2026-10-11', 'history')
  const [locked, release] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
  const holding = database.asSystem(async (db) => {
    await db.selectFrom('import_jobs').select('id').where('id', '=', first).forUpdate().execute()
    locked.resolve(null)
    await release.promise
  })
  await locked.promise
  try {
    const waited = sleep(5000, undefined, { ref: false })
    expect((await Promise.race([claimJob(database, now(), lease), waited]))?.id).toBe(second)
  } finally {
    release.resolve(null)
    await holding
  }
})

test('of one connection at most one job runs, however many workers ask at the same moment', async () => {
  await request('2026-11-10', '2026-11-11')
  await request('2026-10-10', '2026-10-11')
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimJob(database, now(), lease)))
  expect(claims.filter(Boolean)).toHaveLength(1)
  await expect(
    tributary.database.query(`update tributary.import_jobs set status = 'running'`),
  ).rejects.toMatchObject({ constraint: 'one_running_job_per_connection' })
})

test('a job is claimed by its time and not before', async () => {
  await request('2026-11-10', '2026-11-11')
  await tributary.database.query(`update tributary.import_jobs set run_after = $1`, [
    now().add({ minutes: 5 }).toString(),
  ])
  expect(await claimJob(database, now(), lease)).toBeUndefined()
  tributary.clock.add({ minutes: 5 })
  expect(await claimJob(database, now(), lease)).toBeDefined()
})

/** Has a job claimed by a worker that dies. */
async function loseJob(): Promise<void> {
  expect(await claimJob(database, now(), { seconds: -1 })).toBeDefined()
  expect(await releaseLostJobs(database, now())).toBe(1)
}

test('a job whose workers die again and again is tried ever less often, and never given up', async () => {
  const id = await request('2026-11-10', '2026-11-11')
  const waits: number[] = []
  for (let loss = 0; loss < 18; loss++) {
    await loseJob()
    const { status, continuesAt } = await tributary.engine.jobs.get(ada.user.id, id)
    expect(status).toBe(loss < 9 ? 'queued' : 'retrying')
    const wait = continuesAt === null ? 0 : now().until(continuesAt).total('minutes')
    if (wait > 0) expect(await claimJob(database, now(), lease)).toBeUndefined()
    waits.push(wait)
    tributary.clock.add({ minutes: wait })
  }
  expect(waits).toEqual([...Array<number>(9).fill(0), 1, 2, 4, 8, 16, 32, 60, 60, 60])
  expect(await tributary.engine.jobs.get(ada.user.id, id)).toMatchObject({
    reason:
      'Tributary stopped 18 times while this import ran. It is tried again; an admin finds the cause in the log.',
    problem: { owner: 'admin', code: 'failed-here' },
  })
})

test('a job that a worker gives back is claimed at once, and counts as no loss', async () => {
  const id = await request('2026-11-10', '2026-11-11')
  for (let times = 0; times < 6; times++) {
    const job = await claimJob(database, now(), lease)
    if (!job) throw new Error('nothing was claimed')
    await releaseJob(database, job)
  }
  const [row] = await tributary.database.query(
    'select status, worker_crashes, attempt, lease_until from tributary.import_jobs where id = $1',
    [id],
  )
  expect(row).toEqual({ status: 'queued', worker_crashes: 0, attempt: 6, lease_until: null })
})

test('only the attempt that a job is at gives it back, and none that has ended', async () => {
  const id = await request('2026-11-10', '2026-11-11')
  const lost = await claimJob(database, now(), { seconds: -1 })
  await releaseLostJobs(database, now())
  const running = await claimJob(database, now(), lease)
  if (!lost || !running) throw new Error('nothing was claimed')
  await releaseJob(database, lost)
  expect(await tributary.engine.jobs.get(ada.user.id, id)).toMatchObject({ status: 'running' })
  const registry = await createRegistry([], { values: async () => ({}), fetch: () => fetch })
  await close({ database, clock: tributary.clock, registry }, running, notBegun)
  await releaseJob(database, running)
  expect(await tributary.engine.jobs.get(ada.user.id, id)).toMatchObject({ status: 'succeeded' })
})

test('an attempt that lost its job can write nothing more', async () => {
  await request('2026-11-10', '2026-11-11')
  const lost = await claimJob(database, now(), { seconds: -1 })
  if (!lost) throw new Error('nothing was claimed')
  expect(await releaseLostJobs(database, tributary.clock.now())).toBe(1)
  const again = await claimJob(database, now(), lease)
  expect(again).toMatchObject({ id: lost.id, attempt: lost.attempt + 1 })
  expect(await renewJobLease(database, lost, lease)).toBe(false)
  const parts = {
    database,
    clock: tributary.clock,
    registry: await createRegistry([], { values: async () => ({}), fetch: () => fetch }),
  }
  const ending = { ...notBegun, covered: 1 }
  await expect(close(parts, lost, ending)).rejects.toThrow(AttemptLost)
  await expect(writeWindow(lost)).rejects.toThrow(AttemptLost)
  expect(await written()).toEqual([])
  await writeWindow(again ?? lost)
  expect(await written()).toEqual([{ value: 5, days: '{[2026-11-10,2026-11-11)}' }])
  await close(parts, again ?? lost, ending)
  expect(await tributary.engine.jobs.get(ada.user.id, lost.id)).toMatchObject({ status: 'succeeded' })
})

test('no job is left out between two pages, though several were made at the same moment', async () => {
  for (const month of [1, 2, 3, 4, 5]) {
    await request(`2025-0${month}-01`, `2025-0${month}-02`)
    if (month === 2) tributary.clock.add({ seconds: 1 })
  }
  const seen: string[] = []
  for (let before: string | undefined; ;) {
    const page = await tributary.engine.jobs.list(ada.user.id, { limit: 2, ...(before ? { before } : {}) })
    if (page.length === 0) break
    seen.push(...page.map(({ from }) => from))
    before = page.at(-1)?.createdAt
  }
  expect(seen.sort()).toEqual([1, 2, 3, 4, 5].map((month) => `2025-0${month}-01`))
})

test('a job that was cancelled while it ran writes nothing more', async () => {
  await request('2026-11-10', '2026-11-11')
  const job = await claimJob(database, now(), lease)
  if (!job) throw new Error('nothing was claimed')
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { enabled: false })
  await expect(writeWindow(job)).rejects.toThrow(AttemptLost)
  expect(await written()).toEqual([])
})

test('a lease lasts from the last sign of life, and ends where there is none', async () => {
  await request('2026-11-10', '2026-11-11')
  const job = await claimJob(database, now(), { seconds: -1 })
  if (!job) throw new Error('nothing was claimed')
  expect(await renewJobLease(database, job, lease)).toBe(true)
  expect(await releaseLostJobs(database, now())).toBe(0)
  expect(await renewJobLease(database, job, { seconds: -1 })).toBe(true)
  expect(await releaseLostJobs(database, now())).toBe(1)
})

test('a job whose worker died before the clock was set back by a day is given back', async () => {
  await request('2026-11-10', '2026-11-11')
  await claimJob(database, now(), { seconds: 86_400 })
  expect(await releaseLostJobs(database, now())).toBe(1)
})

/** Writes 10 November as a run would, with five steps. */
async function writeWindow(job: ImportJob): Promise<void> {
  const account = { userId: ada.user.id, sourceId: 'fitbit', accountId: 'one' }
  const days = { from: '2026-11-10', to: '2026-11-10' }
  const fields: Record<string, Field> = { steps: { name: 'Steps', type: 'number', unit: '{steps}' } }
  const records = [{ date: days.from, fields: { steps: 5 } }]
  const staged = await stageRecords({ fields, days: { ...days, zone: 'UTC' } }, records)
  const window: ReadyWindow = {
    ...days,
    stream: 'activity',
    dataType: '',
    fields,
    staged,
    confirmed: false,
    settlesAfterDays: undefined,
    fetchId: '0',
    counts: { pages: 1, requests: 1, bytes: 0 },
    isSecondResponse: false,
  }
  const target = { job, account, zone: 'UTC', mappingVersion: 1, now: now() }
  await database.asUser(ada.user.id, (db) => commitWindows(db, target, [window]))
}

const written = () =>
  tributary.database.query(`
    select r.value, c.days::text from tributary.daily_records r full join tributary.coverage c on true
    where not isempty(c.days) or c.days is null`)
