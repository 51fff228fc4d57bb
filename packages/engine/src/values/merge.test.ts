import fc from 'fast-check'
import { plugins } from '@tributary/plugins'
import {
  type DailyRecord,
  definePlugin,
  type MappedRecord,
  type Measurement,
  oauth2,
} from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { merge } from './merge.ts'
import { rollUp } from './roll-up.ts'
import { stageRecords } from './stage-records.ts'

const watch = definePlugin({
  id: 'watch',
  name: 'Watch',
  description: 'For this test.',
  icon: '⌚',
  auth: oauth2({
    authorizationUrl: 'https://watch.example/a',
    tokenUrl: 'https://watch.example/t',
    scopes: [],
  }),
  api: { baseUrl: 'https://watch.example' },
  fields: {
    steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps', day: 'sum' },
    asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' },
  },
  streams: {
    all: {
      fields: ['steps', 'asleep'],
      maxDaysPerRequest: 30,
      answers: 'window',
      async *fetchData() {},
      mapData: () => [],
    },
  },
})

const ring = definePlugin({ ...watch.plugin, id: 'ring', name: 'Ring' })

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [...plugins, watch, ring] })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const zone = 'Europe/Berlin'

interface Into {
  sourceId: string
  accountId: string
  from: string
  to: string
}

const slice = (from: string, to: string, accountId = 'a'): Into => ({
  sourceId: 'watch',
  accountId,
  from,
  to,
})
const measured = (field: string, start: string, minutes: number, value: number, origin = ''): Measurement => {
  const at = Temporal.Instant.from(start).epochMilliseconds
  return { field, origin, start: at, end: at + minutes * 60_000, value }
}
const said = (date: string, value: number, field = 'steps'): DailyRecord => ({
  date,
  fields: { [field]: value },
})

async function bring(
  into: Into,
  records: MappedRecord[],
  { user = userId, confirmed = true, beforeCommit = () => Promise.resolve() } = {},
) {
  const { fields } = watch.plugin
  const { from, to, ...source } = into
  const staged = await stageRecords({ fields, days: { from, to, zone } }, records)
  const account = { userId: user, ...source }
  return database.asUser(user, async (db) => {
    const [merged] = await merge(db, account, zone, [{ fields, from, to, staged, confirmed }])
    if (!merged) throw new Error('a window was merged')
    const { days, window: _, ...counts } = merged
    await rollUp(db, {
      ...account,
      cause: 'import',
      zone,
      slices: [{ fields: Object.keys(fields), ...days }],
    })
    await beforeCommit()
    return counts
  })
}

async function daily(metric: string, from: string, to: string, user = userId) {
  const { days } = await tributary.engine.metrics.daily(user, { from, to, metrics: [metric] })
  return days.map(({ values }) => values[metric])
}

test('any sequence of windows leaves what the last answer for each day said, and a repeat writes nothing', async () => {
  let account = 0
  const windowOf = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  const answer = fc.tuple(
    windowOf,
    fc.dictionary(fc.integer({ min: 1, max: 20 }).map(String), fc.integer({ min: 0, max: 5 })),
  )
  const date = (day: number) => `2026-03-${String(day).padStart(2, '0')}`
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 6 }), async (answers) => {
      const accountId = `p${account++}`
      const expected = new Map<string, number>()
      for (const [[from, to], values] of answers) {
        const into = slice(date(from), date(to), accountId)
        const days = Object.entries(values)
          .filter(([day]) => Number(day) >= from && Number(day) <= to)
          .map(([day, value]) => ({ day: date(Number(day)), value }))
        const records = days.map(({ day, value }) => said(day, value))
        const before = new Map([...expected].filter(([day]) => day >= into.from && day <= into.to))
        for (const day of before.keys()) expected.delete(day)
        for (const { day, value } of days) expected.set(day, value)
        const counts = await bring(into, records)
        expect(counts).toEqual({
          suspicious: false,
          new: days.filter(({ day }) => !before.has(day)).length,
          changed: days.filter(({ day, value }) => before.has(day) && before.get(day) !== value).length,
          unchanged: days.filter(({ day, value }) => before.get(day) === value).length,
          removed: [...before.keys()].filter((day) => !days.some((record) => record.day === day)).length,
        })
        expect(await bring(into, records)).toEqual({
          new: 0,
          changed: 0,
          removed: 0,
          unchanged: days.length,
          suspicious: false,
        })
      }
      const rows = await tributary.database.query<{ day: string; value: number }>(
        `select day::text, value from tributary.daily_records r join tributary.series s on s.id = r.series_id where account_id = $1`,
        [accountId],
      )
      expect(new Map(rows.map(({ day, value }) => [day, value]))).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

test('any sequence of answers leaves the nights that the last one for each day told, each on the day that it ends', async () => {
  let person = 0
  const dateOf = (day: number) => Temporal.PlainDate.from('2026-09-30').add({ days: day }).toString()
  const midnight = (day: number) =>
    Temporal.PlainDate.from(dateOf(day)).toZonedDateTime(zone).epochMilliseconds
  const hour = 3_600_000
  // Starts that come again, some of them before the days that are asked for, and ends on either side of midnight.
  const night = fc.record({
    start: fc.integer({ min: 0, max: 11 }).map((half) => midnight(1) + half * 12 * hour - 2 * hour),
    hours: fc.constantFrom(1, 3, 9, 30, 48),
  })
  const answer = fc.record({
    days: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 3 })),
    nights: fc.uniqueArray(night, { maxLength: 8, selector: ({ start }) => start }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 5 }), async (answers) => {
      const [{ id: user } = { id: '' }] = await tributary.database.query<{ id: string }>(
        `insert into tributary.users (name, email, time_zone) values ('p', $1, '${zone}') returning id`,
        [`p${person++}@example.org`],
      )
      const expected = new Map<number, number>()
      for (const { days, nights } of answers) {
        const [from, to] = [days[0], days[0] + days[1]]
        const isAsked = (end: number) => end >= midnight(from) && end < midnight(to + 1)
        const told = nights
          .map(({ start, hours }) => ({ start, end: start + hours * hour }))
          .filter(({ end }) => isAsked(end))
        for (const [start, end] of [...expected]) if (isAsked(end)) expected.delete(start)
        for (const { start, end } of told) expected.set(start, end)
        const records = nights.map(({ start, hours }) => ({
          field: 'asleep',
          start,
          end: start + hours * hour,
          value: 1,
        }))
        await bring(slice(dateOf(from), dateOf(to)), records, { user })
      }
      const rows = await tributary.database.query<{ start: number; end: number }>(
        `select extract(epoch from start_at)::float8 * 1000 as start, extract(epoch from end_at)::float8 * 1000 as end
         from tributary.measurements m join tributary.series s on s.id = m.series_id where user_id = $1`,
        [user],
      )
      expect(new Map(rows.map(({ start, end }) => [start, end]))).toEqual(expected)
      const asleep = await daily('watch.asleep', dateOf(1), dateOf(11), user)
      for (const [at, seconds] of asleep.entries()) {
        const ended = [...expected].filter(([, end]) => end >= midnight(at + 1) && end < midnight(at + 2))
        const sum = ended.reduce((total, [start, end]) => total + (end - start) / 1000, 0)
        expect(seconds, dateOf(at + 1)).toBe(ended.length > 0 ? sum : null)
      }
    }),
    { numRuns: 60 },
  )
})

test('measurements are summed by local day, and a night belongs to the day it ends', async () => {
  const into = slice('2026-10-24', '2026-10-26', 'm')
  await bring(into, [
    measured('steps', '2026-10-24T21:59:00Z', 1, 10),
    measured('steps', '2026-10-24T22:00:00Z', 1, 20),
    measured('steps', '2026-10-25T22:59:00Z', 1, 30),
    measured('steps', '2026-10-25T23:00:00Z', 1, 40),
    measured('asleep', '2026-10-23T21:00:00Z', 480, 1),
    measured('asleep', '2026-10-24T21:00:00Z', 600, 1),
  ])
  expect(await daily('watch.steps', into.from, into.to)).toEqual([10, 50, 40])
  expect(await daily('watch.asleep', into.from, into.to)).toEqual([480 * 60, 600 * 60, null])
})

test('two devices that count the same steps are not added up', async () => {
  const into = slice('2026-05-01', '2026-05-01', 'd')
  await bring(into, [
    measured('steps', '2026-05-01T08:00:00Z', 1, 100, 'watch'),
    measured('steps', '2026-05-01T09:00:00Z', 1, 100, 'watch'),
    measured('steps', '2026-05-01T08:00:00Z', 1, 90, 'phone'),
  ])
  expect(await daily('watch.steps', into.from, into.to)).toEqual([200])
})

test("the source's daily record goes before the sum of its measurements, and the sum returns when it is gone", async () => {
  const into = slice('2026-06-01', '2026-06-01', 'r')
  const minutes = [measured('steps', '2026-06-01T08:00:00Z', 1, 70)]
  await bring(into, [said('2026-06-01', 75), ...minutes])
  expect(await daily('watch.steps', into.from, into.to)).toEqual([75])
  expect(await daily('metric.steps', into.from, into.to)).toEqual([75])
  await bring(into, minutes)
  expect(await daily('watch.steps', into.from, into.to)).toEqual([70])
  await bring(into, [])
  expect(await daily('watch.steps', into.from, into.to)).toEqual([null])
  expect(await daily('metric.steps', into.from, into.to)).toEqual([null])
})

test('sources that import at the same time merge their kinds one after the other, by the order that the user prefers', async () => {
  const cy = (await tributary.addUser('cy@example.org')).user.id
  const bringFor = (sourceId: string, value: number, beforeCommit?: () => Promise<void>) => {
    const days = Array.from({ length: 20 }, (_, index) =>
      said(`2026-09-${String(index + 1).padStart(2, '0')}`, value),
    )
    const into = { ...slice('2026-09-01', '2026-09-20', 'k'), sourceId }
    return bring(into, days, { user: cy, ...(beforeCommit && { beforeCommit }) })
  }
  let second: Promise<unknown> = Promise.resolve()
  await bringFor('watch', 100, async () => {
    second = bringFor('ring', 200)
    const waiting = () =>
      tributary.database.query(`select from pg_locks where not granted and locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`)
    await expect.poll(async () => (await waiting()).length).toBe(1)
  })
  await second
  const merged = async () => {
    const { days } = await tributary.engine.metrics.daily(cy, {
      from: '2026-09-01',
      to: '2026-09-20',
      metrics: ['metric.steps'],
    })
    return new Set(days.map(({ values }) => values['metric.steps']))
  }
  expect(await merged()).toEqual(new Set([200]))
  for (const source of ['watch', 'ring']) {
    await tributary.database
      .query(`insert into tributary.user_integrations (user_id, source_id, state, history_from)
      values ('${cy}', '${source}', 'connected', '2026-01-01')`)
  }
  await tributary.engine.plugins.prefer(cy, ['watch', 'ring'])
  expect(await merged()).toEqual(new Set([100]))
  await tributary.engine.plugins.prefer(cy, ['ring', 'watch'])
  expect(await merged()).toEqual(new Set([200]))
})

test('a night beyond the window is left alone, even if the source gives it', async () => {
  await bring(slice('2026-07-02', '2026-07-02', 'n'), [measured('asleep', '2026-07-01T21:00:00Z', 480, 1)])
  const counts = await bring(slice('2026-07-01', '2026-07-01', 'n'), [
    measured('asleep', '2026-06-30T21:00:00Z', 420, 1),
    measured('asleep', '2026-07-01T21:00:00Z', 60, 1),
  ])
  expect(counts).toMatchObject({ new: 1, changed: 0, unchanged: 0, removed: 0 })
  expect(await daily('watch.asleep', '2026-07-01', '2026-07-02')).toEqual([420 * 60, 480 * 60])
})

/** Every stored row, and which version of it that is. */
async function versions() {
  const { rows } = await database.asUser(userId, (db) =>
    sql<{ row: string; version: string }>`
      select metric_name || ' ' || day as row, xmin::text || ctid::text as version from daily_metric_values
      union all select 'record ' || day, xmin::text || ctid::text from daily_records
      union all select 'measurement ' || start_at, xmin::text || ctid::text from measurements order by 1, 2`.execute(
      db,
    ),
  )
  return rows
}

test('an unchanged window writes no row at all', async () => {
  const into = slice('2026-08-01', '2026-08-03', 'u')
  const rows = [said('2026-08-01', 1), measured('steps', '2026-08-02T08:00:00Z', 1, 5)]
  await bring(into, rows)
  const before = await versions()
  expect(await bring(into, rows)).toMatchObject({ unchanged: 2, new: 0, changed: 0, removed: 0 })
  expect(await versions()).toEqual(before)
})

test('where one day changes the values of its neighbours are not written again', async () => {
  const into = slice('2026-08-11', '2026-08-13', 'o')
  await bring(into, [said('2026-08-11', 1), said('2026-08-12', 2), said('2026-08-13', 3)])
  const before = new Set((await versions()).map(({ version }) => version))
  await bring(into, [said('2026-08-11', 1), said('2026-08-12', 20), said('2026-08-13', 3)])
  const written = (await versions()).filter(({ version }) => !before.has(version)).map(({ row }) => row)
  expect(written).toEqual(['metric.steps 2026-08-12', 'record 2026-08-12', 'watch.steps 2026-08-12'])
})

test('a window that lacks a stored value is suspicious, and left as it is until a second answer lacks the same', async () => {
  const into = slice('2026-04-01', '2026-04-10', 'l')
  const days = Array.from({ length: 10 }, (_, index) =>
    said(`2026-04-${String(index + 1).padStart(2, '0')}`, 5),
  )
  await bring(into, days)
  expect(await bring(into, days.slice(0, 9), { confirmed: false })).toEqual({
    new: 0,
    changed: 0,
    unchanged: 0,
    removed: 0,
    suspicious: true,
  })
  expect(await daily('watch.steps', '2026-04-10', '2026-04-10')).toEqual([5])
  expect(await bring(into, days.slice(0, 6), { confirmed: true })).toMatchObject({
    removed: 4,
    suspicious: false,
  })
  expect(await bring(into, [], { confirmed: true })).toMatchObject({ removed: 6, suspicious: false })
})

test('a field that lacks values makes its window suspicious, whatever the others have', async () => {
  const into = slice('2026-05-11', '2026-05-14', 'f')
  const steps = Array.from({ length: 4 }, (_, index) => said(`2026-05-${11 + index}`, 5))
  const nights = Array.from({ length: 4 }, (_, index) => said(`2026-05-${11 + index}`, 60, 'asleep'))
  await bring(into, [...steps, ...nights])
  expect(await bring(into, steps, { confirmed: false })).toMatchObject({ suspicious: true })
  const minutes = Array.from({ length: 4 }, (_, index) =>
    measured('asleep', `2026-05-${11 + index}T10:00:00Z`, 5, 1),
  )
  await bring(into, [...steps, ...minutes])
  expect(await bring(into, steps, { confirmed: false })).toMatchObject({ suspicious: true })
})

test('a record that could not be read takes nothing away of its day, and of all days where it does not say which', async () => {
  const into = slice('2026-04-11', '2026-04-13', 'b')
  const steps = () => daily('watch.steps', into.from, into.to)
  const told = [said('2026-04-11', 5), said('2026-04-12', 6), measured('steps', '2026-04-13T08:00:00Z', 1, 7)]
  await bring(into, told)
  const odd: MappedRecord = { date: '2026-04-12', fields: { steps: 'many' } }
  expect(await bring(into, [said('2026-04-11', 8), odd])).toMatchObject({ changed: 1, removed: 1 })
  expect(await steps()).toEqual([8, 6, null])
  await bring(into, told)
  const minute = measured('steps', '2026-04-13T09:00:00Z', 1, NaN)
  expect(await bring(into, [said('2026-04-11', 8), minute])).toMatchObject({ changed: 1, removed: 1 })
  expect(await steps()).toEqual([8, null, 7])
  await bring(into, told)
  expect(await bring(into, [{ date: 'some day', fields: { steps: 1 } }])).toMatchObject({ removed: 0 })
  expect(await steps()).toEqual([5, 6, 7])
})

test('the account that is connected goes before another that measured more', async () => {
  const [{ id: user } = { id: '' }] = await tributary.database.query<{ id: string }>(
    `insert into tributary.users (name, email, time_zone) values ('p', 'two@example.org', '${zone}') returning id`,
  )
  await tributary.database.query(
    `insert into tributary.user_integrations (user_id, source_id, account_id, state, history_from)
     values ($1, 'watch', 'now', 'connected', '2026-01-01')`,
    [user],
  )
  const minutes = [10, 11, 12].map((hour) => measured('steps', `2026-05-20T${hour}:00:00Z`, 1, 1))
  await bring(slice('2026-05-20', '2026-05-20', 'before'), minutes, { user })
  await bring(slice('2026-05-20', '2026-05-20', 'now'), [measured('steps', '2026-05-20T10:00:00Z', 1, 5)], {
    user,
  })
  expect(await daily('watch.steps', '2026-05-20', '2026-05-20', user)).toEqual([5])
})
