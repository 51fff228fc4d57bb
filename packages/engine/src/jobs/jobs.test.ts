import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../engine.ts'
import { close } from '../import-run/close.ts'
import { AttemptLost } from '../import-run/cover-windows.ts'
import { createRegistry } from '../sources/registry.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { claimJob, releaseLostJobs, renewLease } from './claim-job.ts'
import { requestImport } from './request-import.ts'

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

function wish(from: string, to: string, trigger: 'manual' | 'history' | 'schedule' = 'manual') {
  return database.asUser(ada.user.id, (db) =>
    requestImport(db, {
      connection,
      trigger,
      asks: trigger === 'history' ? 'never-asked' : 'days',
      from,
      to,
      now: now(),
    }),
  )
}

test('a wish that touches a waiting job widens it; one that lies apart is a job of its own', async () => {
  const first = await wish('2026-11-10', '2026-11-15')
  expect(await wish('2026-11-16', '2026-11-18')).toBe(first)
  expect(await tributary.engine.jobs.get(ada.user.id, first)).toMatchObject({
    from: '2026-11-10',
    to: '2026-11-18',
  })
  expect(await wish('2025-01-01', '2025-01-03')).not.toBe(first)
})

test('a wish does not widen a job that is running', async () => {
  const first = await wish('2026-11-10', '2026-11-15')
  await claimJob(database, now(), lease)
  expect(await wish('2026-11-10', '2026-11-15')).not.toBe(first)
})

test("a person's wish goes before the schedule, and that before history", async () => {
  await wish('2020-01-01', '2020-02-01', 'history')
  await wish('2026-11-01', '2026-11-02', 'schedule')
  const mine = await wish('2026-10-01', '2026-10-02')
  expect((await claimJob(database, now(), lease))?.id).toBe(mine)
})

test('of one connection at most one job runs, however many workers ask at the same moment', async () => {
  await wish('2026-11-10', '2026-11-11')
  await wish('2026-10-10', '2026-10-11')
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimJob(database, now(), lease)))
  expect(claims.filter(Boolean)).toHaveLength(1)
})

test('a job is claimed by its time and not before', async () => {
  await wish('2026-11-10', '2026-11-11')
  await tributary.database.query(`update tributary.import_jobs set run_after = $1`, [
    now().add({ minutes: 5 }).toString(),
  ])
  expect(await claimJob(database, now(), lease)).toBeUndefined()
  tributary.clock.add({ minutes: 5 })
  expect(await claimJob(database, now(), lease)).toBeDefined()
})

test('a job that no worker survives is given up, and says so', async () => {
  const id = await wish('2026-11-10', '2026-11-11')
  const statuses: string[] = []
  for (let death = 0; death < 6; death++) {
    await claimJob(database, now(), { seconds: -1 })
    await releaseLostJobs(database, now())
    statuses.push((await tributary.engine.jobs.get(ada.user.id, id)).status)
  }
  expect(statuses).toEqual(['queued', 'queued', 'queued', 'queued', 'failed', 'failed'])
  const { reason, finishedAt } = await tributary.engine.jobs.get(ada.user.id, id)
  expect(reason).toMatch(/ended its worker without a word 5 times/)
  expect(finishedAt).not.toBeNull()
})

test('an attempt that lost its job can write nothing more', async () => {
  await wish('2026-11-10', '2026-11-11')
  const lost = await claimJob(database, now(), { seconds: -1 })
  if (!lost) throw new Error('nothing was claimed')
  expect(await releaseLostJobs(database, tributary.clock.now())).toBe(1)
  const again = await claimJob(database, now(), lease)
  expect(again).toMatchObject({ id: lost.id, attempt: lost.attempt + 1 })
  expect(await renewLease(database, lost, lease)).toBe(false)
  const parts = {
    database,
    clock: tributary.clock,
    registry: await createRegistry([], { values: async () => ({}), fetch: () => fetch }),
  }
  const ending = { covered: 1, failed: 0, code: undefined, reason: undefined, retryAt: undefined }
  await expect(close(parts, lost, ending)).rejects.toThrow(AttemptLost)
  await close(parts, again ?? lost, ending)
  expect(await tributary.engine.jobs.get(ada.user.id, lost.id)).toMatchObject({ status: 'succeeded' })
})

test('no job is left out between two pages, though several were made at the same moment', async () => {
  for (const month of [1, 2, 3, 4, 5]) {
    await wish(`2025-0${month}-01`, `2025-0${month}-02`)
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
