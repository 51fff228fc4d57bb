import { definePlugin, type Stream } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { LiveConnection } from '../connections/connection.ts'
import { type Database, openDatabase } from '../database/database.ts'
import type { DayState, SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { planRanges } from '../planning/plan-ranges.ts'
import { requestBackfill } from './request-backfill.ts'

const stream = (field: string, declared: Partial<Stream> = {}): Stream => ({
  fields: [field],
  maxDaysPerRequest: 30,
  answers: 'window',
  async *fetchData() {},
  mapData: () => [],
  ...declared,
})
const example = examplePlugin('example').plugin
const score = example.fields['dailyScore']!
const source = definePlugin({
  ...example,
  fields: { dailyScore: score, longScore: score, shortScore: score },
  streams: {
    days: stream('dailyScore'),
    long: stream('longScore', { maxDaysPerRequest: 365 }),
    short: stream('shortScore', { historyDays: 40 }),
  },
})
const today = '2026-11-20'
const depth = '2025-11-20'
const all = ['days', 'long', 'short']

let tributary: TestEngine
let database: Database
let ada: SignedIn
let connection: LiveConnection

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [source], aliases: { example: 'example-service' } })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

beforeEach(async () => {
  await change({ history_from: depth, history_paused: false, enabled: true, state: 'connected' })
  for (const table of ['coverage', 'fetches', 'import_jobs'])
    await tributary.database.query(`delete from tributary.${table}`)
})

async function change(columns: Record<string, unknown>): Promise<void> {
  for (const [column, value] of Object.entries(columns))
    await tributary.database.query(`update tributary.user_integrations set ${column} = $1`, [value])
  connection = await database.asUser(
    ada.user.id,
    async (db) =>
      (await db.selectFrom('user_integrations').selectAll().executeTakeFirstOrThrow()) as LiveConnection,
  )
}

async function know(
  streams: string[],
  from: string,
  to: string,
  state: DayState = 'has-data',
  { sourceId = 'example', accountId = connection.account_id } = {},
) {
  for (const name of streams)
    await tributary.database.query(
      `insert into tributary.coverage (user_id, source_id, account_id, stream, state, days)
       values ($1, $2, $3, $4, $5, datemultirange(daterange($6, $7, '[]')))
       on conflict (user_id, source_id, account_id, stream, data_type, state) do update set days = coverage.days + excluded.days`,
      [ada.user.id, sourceId, accountId, name, state, from, to],
    )
}

/** Asks for history once; gives the job's days, and those that it would ask of each stream. */
async function ask() {
  return database.asUser(ada.user.id, async (db) => {
    await requestBackfill(db, source.plugin, connection.id, tributary.clock.now())
    const job = await db.selectFrom('import_jobs').selectAll().executeTakeFirst()
    if (!job) return undefined
    const { planned } = await planRanges(db, source.plugin, { job, connection, zone: 'Europe/Berlin', today })
    await sql`delete from import_jobs`.execute(db)
    const asked = planned.filter(({ ranges }) => ranges.length > 0)
    const ranges = Object.fromEntries(asked.map(({ stream, ranges }) => [stream, ranges]))
    return { from: job.from_day, to: job.to_day, ranges }
  })
}

test('history goes backwards: of several gaps the newest is asked first, 90 days at a time', async () => {
  await know(['long'], depth, today)
  await know(['days', 'short'], '2026-11-14', today)
  await know(['days'], '2026-08-01', '2026-08-31')
  await know(['short'], depth, '2026-11-13')
  const first = await ask()
  expect(first).toMatchObject({ from: '2026-08-16', to: '2026-11-13' })
  expect(first?.ranges).toEqual({ days: [{ from: '2026-09-01', to: '2026-11-13' }] })
  await know(['days'], '2026-09-01', '2026-11-13')
  expect((await ask())?.ranges).toEqual({ days: [{ from: '2026-05-03', to: '2026-07-31' }] })
})

test('a stream whose request may span more than a chunk is asked as far back as that, and no further than the depth', async () => {
  await know(['days', 'long', 'short'], '2026-11-14', today)
  expect((await ask())?.ranges).toEqual({
    days: [{ from: '2026-08-16', to: '2026-11-13' }],
    long: [{ from: depth, to: '2026-11-13' }],
    short: [{ from: '2026-10-12', to: '2026-11-13' }],
  })
  await change({ history_from: '2024-01-01' })
  expect((await ask())?.ranges['long']).toEqual([{ from: '2025-11-14', to: '2026-11-13' }])
})

test('history ends at the depth that the user chose, and goes on where that is deeper', async () => {
  await know(all, depth, today)
  expect(await ask()).toBeUndefined()
  await change({ history_from: addDays(depth, -10) })
  const days = { from: addDays(depth, -10), to: addDays(depth, -1) }
  expect(await ask()).toEqual({ ...days, ranges: { days: [days], long: [days] } })
})

test('of a stream that its source keeps for some days only no older ones are asked', async () => {
  await know(['days', 'long'], depth, today)
  await know(['short'], '2026-10-13', today)
  expect((await ask())?.ranges).toEqual({ short: [{ from: '2026-10-12', to: '2026-10-12' }] })
  await know(['short'], '2026-10-12', '2026-10-12')
  expect(await ask()).toBeUndefined()
})

test('days in any state were asked; a stream that never was waits for its first sync', async () => {
  await know(['days'], depth, '2026-01-31', 'had-none')
  await know(['days'], '2026-02-01', '2026-02-28', 'failed')
  await know(['days'], '2026-03-01', '2026-11-17')
  await know(['days'], '2026-11-18', today, 'not-due-yet')
  expect(await ask()).toBeUndefined()
})

test.each([
  ['another account', { accountId: 'another' }],
  ['another source', { sourceId: 'another' }],
])('what %s was asked is not known of this one', async (_, whose) => {
  await know(['days'], '2026-11-14', today)
  await know(['days'], depth, today, 'has-data', whose)
  expect((await ask())?.ranges['days']).toEqual([{ from: '2026-08-16', to: '2026-11-13' }])
})

test.each([
  ['that is paused', { history_paused: true }],
  ['of a connection that is switched off', { enabled: false }],
  ['of a connection that needs its user', { state: 'needs-reauthorization' }],
  ['of streams that are switched off', { disabled_streams: all }],
])('a history %s asks nothing', async (_, columns) => {
  await know(all, '2026-11-14', today)
  await change({ disabled_streams: [], ...columns })
  expect(await ask()).toBeUndefined()
  await change({ disabled_streams: [] })
})
