import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { planRemap } from './plan-remap.ts'

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

beforeEach(() => tributary.database.query('delete from tributary.fetches'))

const week = { from_day: '2026-11-01', to_day: '2026-11-07' }

/** Notes a fetch that was read completely, but for what is said otherwise; gives its id. */
async function fetched(more: Record<string, string | null> = {}): Promise<string> {
  const columns = {
    user_id: userId,
    source_id: 'fitbit',
    account_id: 'one',
    stream: 'sleep',
    covered_at: '2026-11-20T12:00:00Z',
    zone: 'Europe/Berlin',
    ...week,
    ...more,
  }
  const names = Object.keys(columns)
  const [row] = await tributary.database.query<{ id: string }>(
    `insert into tributary.fetches (${names.join()}) values (${names.map((_, at) => `$${at + 1}`).join()}) returning id`,
    Object.values(columns),
  )
  return row?.id ?? ''
}

async function plan() {
  const account = { userId, sourceId: 'fitbit', accountId: 'one' }
  const windows = await database.asUser(userId, (db) => planRemap(db, account, 'UTC'))
  return windows.map(({ fetchId, stream, from, to }) => [fetchId, stream, from, to])
}

const whole = (id: string, stream = 'sleep') => [id, stream, week.from_day, week.to_day]

test('of each stream and day the newest fetch that was read completely counts', async () => {
  const old = await fetched()
  const heart = await fetched({ stream: 'heart' })
  const newest = await fetched({ from_day: '2026-11-03', to_day: '2026-11-04' })
  await fetched({ covered_at: null })
  expect(await plan()).toEqual([
    [newest, 'sleep', '2026-11-03', '2026-11-04'],
    whole(heart, 'heart'),
    [old, 'sleep', '2026-11-01', '2026-11-02'],
    [old, 'sleep', '2026-11-05', '2026-11-07'],
  ])
})

test.each([
  ['another account', { account_id: 'other' }],
  ['another source', { source_id: 'google-fit' }],
])('an answer for %s counts for nothing', async (_, whose) => {
  const mine = await fetched()
  await fetched(whose)
  expect(await plan()).toEqual([whole(mine)])
})

test('an uploaded file is not read again', async () => {
  const mine = await fetched()
  const [upload] = await tributary.database.query<{ id: string }>(
    `insert into tributary.uploads (user_id, source_id, layer, file_name) values ($1, 'fitbit', 1, 'x') returning id`,
    [userId],
  )
  await fetched({ upload_id: upload?.id ?? '' })
  expect(await plan()).toEqual([whole(mine)])
})

test('where the newest answer is not kept any more no older one speaks for its days', async () => {
  const old = await fetched()
  await fetched({ from_day: '2026-11-03', pages_removed_at: '2026-11-20T12:00:00Z' })
  expect(await plan()).toEqual([[old, 'sleep', '2026-11-01', '2026-11-02']])
})

const newYork = { from_day: '2026-11-05', zone: 'America/New_York' }

test('what a newer answer of another zone leaves of a day is read for its hours alone', async () => {
  const old = await fetched()
  const newest = await fetched(newYork)
  const account = { userId, sourceId: 'fitbit', accountId: 'one' }
  const windows = await database.asUser(userId, (db) => planRemap(db, account, 'UTC'))
  expect(windows.map(({ fetchId, from, to, hoursOnly }) => [fetchId, from, to, hoursOnly])).toEqual([
    [newest, '2026-11-05', '2026-11-07', false],
    [old, '2026-11-01', '2026-11-04', false],
    // From midnight in Berlin to midnight in New York.
    [old, '2026-11-05', '2026-11-05', true],
  ])
})

test('where the newer answer of another zone is not kept any more no older one speaks for its hours', async () => {
  const old = await fetched()
  await fetched({ ...newYork, pages_removed_at: '2026-11-20T12:00:00Z' })
  expect(await plan()).toEqual([[old, 'sleep', '2026-11-01', '2026-11-04']])
})
