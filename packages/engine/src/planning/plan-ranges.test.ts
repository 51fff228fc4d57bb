import { definePlugin, type Stream } from '@tributary/plugin-sdk'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, localDay } from '../domain/clock.ts'
import type { LiveConnection } from '../connections/connection.ts'
import { type Database, openDatabase, type Transaction } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { recordCoverage, failWindows } from './record-coverage.ts'
import { cutWindows } from './plan-windows.ts'
import { dataTypesOf, type StreamDataType } from '../sources/data-types.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { daysInTurn, joinRanges, newestDays } from '../domain/day-ranges.ts'
import { planRanges } from './plan-ranges.ts'
import { planStream } from './plan-stream.ts'
import { requestBackfill } from '../jobs/request-backfill.ts'
import { requestImport } from '../jobs/request-import.ts'
import { lastDays } from './look-back.ts'
import type { ImportJob } from '../database/schema.ts'

const stream = (field: string, declared: Partial<Stream> = {}): Stream => ({
  fields: [field],
  maxDaysPerRequest: 30,
  answers: 'window',
  // eslint-disable-next-line require-yield
  async *fetchData() {
    throw new Error('not asked here')
  },
  mapData: () => [],
  ...declared,
})

const streams = {
  days: stream('steps'),
  late: stream('floors', { maxDaysPerRequest: 10, lookbackDays: 3, settlesAfterDays: 6 }),
  short: stream('weight', { maxDaysPerRequest: 5, lookbackDays: 2, settlesAfterDays: 1, historyDays: 40 }),
  vitals: stream('hrv', {
    fields: ['hrv', 'spo2'],
    dataTypes: { hrv: { fields: ['hrv'] }, spo2: { fields: ['spo2'] } },
    settlesAfterDays: 3,
  }),
}
const source = definePlugin({
  id: 'planned',
  name: 'Planned',
  description: 'For tests',
  icon: '📅',
  auth: {
    type: 'oauth2',
    authorizationUrl: 'https://a.example',
    tokenUrl: 'https://a.example',
    scopes: [],
  } as never,
  api: { baseUrl: 'https://a.example' },
  fields: {
    steps: { name: 'Steps', type: 'number', unit: '{steps}' },
    floors: { name: 'Floors', type: 'number', unit: '{floors}' },
    weight: { name: 'Weight', type: 'number', unit: 'kg' },
    hrv: { name: 'Heart rate variability', type: 'number', unit: 'ms' },
    spo2: { name: 'Oxygen saturation', type: 'number', unit: '%' },
  },
  streams,
})
const plugin = source.plugin
const types = dataTypesOf(plugin, Object.keys(streams))
const nameOf = ({ stream, dataType }: StreamDataType) => dataType || stream
const typeOf = (name: string) => types.find((type) => nameOf(type) === name) ?? { stream: '', dataType: '' }
const zone = 'Europe/Berlin'
const start = '2026-06-01'
const depth = 100

let tributary: TestEngine
let database: Database
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [source] })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

test('of ranges the newest days are kept', () => {
  const ranges = [
    { from: '2026-06-10', to: '2026-06-12' },
    { from: '2026-06-01', to: '2026-06-05' },
  ]
  expect(newestDays(ranges, 5)).toEqual([
    { from: '2026-06-10', to: '2026-06-12' },
    { from: '2026-06-04', to: '2026-06-05' },
  ])
  expect(newestDays(ranges, 3)).toEqual(ranges.slice(0, 1))
})

test('where more is owed than one job asks, the newest come each time and all others take turns', () => {
  const ranges = [
    { from: '2026-06-10', to: '2026-06-12' },
    { from: '2026-06-01', to: '2026-06-05' },
  ]
  expect(daysInTurn(ranges, 8, 3)).toEqual(ranges)
  const turns = [0, 1, 2, 3, 4].map((turn) => daysInTurn(ranges, 3, turn).slice(1))
  const newest = [{ from: '2026-06-11', to: '2026-06-12' }]
  expect(daysInTurn(ranges, 3, 0)).toEqual([...newest, { from: '2026-06-10', to: '2026-06-10' }])
  expect(turns.flat().map(({ from }) => from)).toEqual([
    '2026-06-10',
    '2026-06-05',
    '2026-06-04',
    '2026-06-03',
    '2026-06-02',
  ])
  expect(daysInTurn(ranges, 3, 6)).toEqual(daysInTurn(ranges, 3, 0))
})

test('ranges that touch or overlap become one', () => {
  const ranges = [
    { from: '2026-06-01', to: '2026-06-03' },
    { from: '2026-06-10', to: '2026-06-12' },
    { from: '2026-06-04', to: '2026-06-05' },
    { from: '2026-06-11', to: '2026-06-11' },
  ]
  expect(joinRanges(ranges)).toEqual([
    { from: '2026-06-10', to: '2026-06-12' },
    { from: '2026-06-01', to: '2026-06-05' },
  ])
})

test('given days are asked whatever is known of them, and what a source gives no more only where it is not known', () => {
  const given = { selection: 'days' as const, from_day: '2020-01-01', to_day: '2020-01-09' }
  const connection = { history_from: start }
  const days = { since: start, synced: null, today: start }
  const always = { from: '2020-01-01', to: '2020-01-09' }
  expect(planStream(plugin, typeOf('days'), given, connection, days)).toEqual({ ...typeOf('days'), always })
  const before = { from: '2020-01-01', to: '2020-01-05' }
  expect(planStream(plugin, typeOf('short'), given, connection, { ...days, today: '2020-02-14' })).toEqual({
    ...typeOf('short'),
    always: { from: '2020-01-06', to: '2020-01-09' },
    unsettled: before,
    missing: { ...before, after: false },
  })
})

/** One look of the schedule: so many days after the one before, with these data types out of order. */
interface Step {
  days: number
  failing: string[]
  /** How many days late the source has its data. */
  delay: number
  /** How many chunks of history come between. */
  chunks: number
}

const step: fc.Arbitrary<Step> = fc.record({
  days: fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 6 }), fc.nat({ max: 130 })),
  failing: fc.subarray(types.map(nameOf)),
  delay: fc.nat({ max: 8 }),
  chunks: fc.nat({ max: 2 }),
})

async function makeConnection(
  db: Transaction,
  now: Temporal.Instant,
  paused: boolean,
): Promise<LiveConnection> {
  await sql`delete from user_integrations`.execute(db)
  await sql`delete from coverage`.execute(db)
  await sql`delete from fetches`.execute(db)
  asked.clear()
  const row = await db
    .insertInto('user_integrations')
    .values({
      user_id: ada.user.id,
      source_id: plugin.id,
      account_id: 'a',
      state: 'connected',
      credentials: Buffer.from(''),
      history_from: addDays(start, -depth),
      history_paused: paused,
      created_at: now.toString(),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return row as LiveConnection
}

/** The day on which a data type last answered for a day. */
const asked = new Map<string, string>()

/** Does what a run does to coverage, without a source. */
async function run(
  db: Transaction,
  connection: LiveConnection,
  id: string,
  now: Temporal.Instant,
  world: Step,
) {
  const job: ImportJob = await db
    .updateTable('import_jobs')
    .set({ status: 'running', attempt: sql`attempt + 1`, started_at: now.toString() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const today = localDay(now, zone)
  const { planned } = await planRanges(db, plugin, { job, connection, zone, today })
  const account = { userId: ada.user.id, sourceId: plugin.id, accountId: 'a' }
  for (const { ranges, ...type } of planned) {
    const name = nameOf(type)
    const { maxDaysPerRequest, settlesAfterDays = 2 } = streams[type.stream as keyof typeof streams]
    for (const window of cutWindows(type, ranges, maxDaysPerRequest)) {
      if (world.failing.includes(name)) {
        await failWindows(db, account, [window])
        break
      }
      const filled = []
      for (
        let day = window.from;
        day <= window.to && day <= addDays(today, -world.delay);
        day = addDays(day, 1)
      ) {
        // Every ninth day the source never has anything of.
        if (Temporal.PlainDate.from(day).dayOfYear % 9 > 0) filled.push(day)
      }
      for (let day = window.from; day <= window.to; day = addDays(day, 1)) asked.set(`${name} ${day}`, today)
      await sql`insert into fetches (user_id, source_id, account_id, stream, data_type, from_day, to_day, job_id, covered_at)
        values (${ada.user.id}, ${plugin.id}, 'a', ${type.stream}, ${type.dataType}, ${window.from}, ${window.to}, ${id}, ${now.toString()})`.execute(
        db,
      )
      const settled = addDays(today, -settlesAfterDays)
      await recordCoverage(db, account, [
        { ...window, filled, settled, unsettled: [], tooManyRejected: false, rechecksEmptied: false },
      ])
    }
  }
  const status = world.failing.length > 0 ? 'partial' : 'succeeded'
  await db.updateTable('import_jobs').set({ status }).where('id', '=', id).execute()
  const due = planned.filter(({ ranges }) => ranges.length > 0)
  return new Map(due.map(({ ranges, ...type }) => [nameOf(type), ranges]))
}

async function sync(db: Transaction, connection: LiveConnection, now: Temporal.Instant, world: Step) {
  const days = lastDays(localDay(now, zone))
  const request = { connection, trigger: 'schedule', selection: 'due', ...days, now } as const
  const ranges = await run(db, connection, await requestImport(db, request), now, world)
  for (let chunk = 0; chunk < world.chunks; chunk++) {
    await requestBackfill(db, plugin, connection.id, now)
    const [job] = await db.selectFrom('import_jobs').select('id').where('status', '=', 'queued').execute()
    if (!job) break
    await run(db, connection, job.id, now, world)
  }
  return ranges
}

/** The days from `from` to today that are owed: never asked for, failed, or not due when they were asked and now are. */
async function owed(db: Transaction, name: string, from: string, today: string): Promise<string[]> {
  const { stream, dataType } = typeOf(name)
  const { lookbackDays = 7, settlesAfterDays = 2 } = streams[stream as keyof typeof streams]
  const settled = addDays(today, -Math.max(lookbackDays, settlesAfterDays + 1))
  const { rows } = await sql<{ day: string }>`
    select day::date::text || ' ' || coalesce(state, 'never asked') as day
    from generate_series(${from}::date, ${today}::date, interval '1 day') as day
      left join coverage on stream = ${stream} and data_type = ${dataType} and days @> day::date
    where state is null or state = 'failed' or (state = 'not-due-yet' and day <= ${settled}::date)`.execute(
    db,
  )
  return rows.map(({ day }) => day)
}

const calm: Step = { days: 0, failing: [], delay: 0, chunks: 0 }

test.each([false, true])(
  'after any outages and failures no day is owed once the source works again (history paused: %s)',
  async (paused) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
        await database.asUser(ada.user.id, async (db) => {
          let now = Temporal.Instant.from(`${start}T12:00:00Z`)
          const connection = await makeConnection(db, now, paused)
          await sync(db, connection, now, calm)
          for (const world of steps) {
            now = now.add({ hours: 24 * world.days + 1 })
            await sync(db, connection, now, world)
          }
          // The syncs alone have to catch up where history is paused; each takes 90 days.
          for (let hour = 0; hour < 10; hour++) {
            now = now.add({ hours: 1 })
            await sync(db, connection, now, { ...calm, chunks: 8 })
          }
          const today = localDay(now, zone)
          for (const name of types.map(nameOf)) {
            const oldest = paused ? addDays(start, -1) : addDays(start, -depth)
            const reach = name === 'short' ? addDays(today, -39) : oldest
            expect(await owed(db, name, reach > oldest ? reach : oldest, today), name).toEqual([])
            const { lookbackDays = 7 } = streams[typeOf(name).stream as keyof typeof streams]
            for (
              let day = reach > start ? reach : start;
              day <= addDays(today, -lookbackDays);
              day = addDays(day, 1)
            ) {
              // Whatever it said while the day was young, it was asked again when it could correct no more.
              const last = asked.get(`${name} ${day}`) ?? ''
              expect(last >= addDays(day, lookbackDays - 1), `${name} ${day} asked on ${last}`).toBe(true)
            }
          }
          const last = await sync(db, connection, now, calm)
          expect(last.get('days')).toEqual([{ from: addDays(today, -6), to: today }])
          expect(last.get('short')).toEqual([{ from: addDays(today, -1), to: today }])
        })
      }),
      { numRuns: 10 },
    )
  },
  120_000,
)

test('a sync asks 90 days at most beside its look-backs, most of them the newest, and its row says which', async () => {
  await database.asUser(ada.user.id, async (db) => {
    const first = Temporal.Instant.from(`${start}T12:00:00Z`)
    const connection = await makeConnection(db, first, true)
    await sync(db, connection, first, calm)
    const now = first.add({ hours: 24 * 200 })
    const today = localDay(now, zone)
    const ranges = await sync(db, connection, now, calm)
    const before = { from: addDays(start, -5), to: start }
    // Of the days that are owed the newest 60, and 30 of those before whose turn it is.
    expect(ranges.get('days')).toEqual([
      { from: addDays(today, -66), to: today },
      { from: addDays(today, -156), to: addDays(today, -127) },
      before,
    ])
    const job = await db
      .selectFrom('import_jobs')
      .select(['from_day', 'to_day'])
      .where('created_at', '=', sql<Temporal.Instant>`${now.toString()}`)
      .executeTakeFirst()
    expect(job).toEqual({ from_day: before.from, to_day: today })
  })
})

test('a second attempt asks what the first did not cover, and the job tells of both', async () => {
  await database.asUser(ada.user.id, async (db) => {
    const first = Temporal.Instant.from(`${start}T12:00:00Z`)
    const connection = await makeConnection(db, first, true)
    await sync(db, connection, first, calm)
    const now = first.add({ hours: 24 * 60 })
    const days = lastDays(localDay(now, zone))
    const request = { connection, trigger: 'schedule', selection: 'due', ...days, now } as const
    const id = await requestImport(db, request)
    const before = await run(db, connection, id, now, { ...calm, failing: ['late', 'spo2'] })
    const after = await run(db, connection, id, now, calm)
    expect([...before.keys()]).toEqual(['days', 'late', 'short', 'hrv', 'spo2'])
    expect([...after]).toEqual(['late', 'spo2'].map((name) => [name, before.get(name)]))
    const job = await db
      .selectFrom('import_jobs')
      .select(['from_day', 'to_day'])
      .where('id', '=', id)
      .executeTakeFirst()
    expect(job).toEqual({ from_day: before.get('days')?.at(-1)?.from, to_day: days.to })
    expect(before.get('late')?.at(-1)?.from).not.toBe(job?.from_day)
  })
})

test('a stream that is switched on is asked its look-back by the next sync, and the rest by history', async () => {
  await database.asUser(ada.user.id, async (db) => {
    const first = Temporal.Instant.from(`${start}T12:00:00Z`)
    const connection = await makeConnection(db, first, false)
    await sync(db, { ...connection, disabled_streams: ['late'] }, first, calm)
    const now = first.add({ hours: 24 * 30 })
    const today = localDay(now, zone)
    const ranges = await sync(db, connection, now, { ...calm, chunks: 8 })
    expect(ranges.get('late')).toEqual([{ from: addDays(today, -2), to: today }])
    expect(await owed(db, 'late', addDays(start, -depth), today)).toEqual([])
  })
})
