import { definePlugin, type DayRule, type Field } from '@tributary/plugin-sdk'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { rollUp } from '../values/roll-up.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const rules: DayRule[] = ['sum', 'mean', 'min', 'max', 'first', 'last', 'start', 'end', 'duration']
const belongings = ['start', 'end'] as const
const fields = Object.fromEntries(
  rules.flatMap((day) =>
    belongings.map((belongsTo): [string, Field] => [
      `${day}By${belongsTo}`,
      { name: day, type: 'number', unit: '1', day, belongsTo },
    ]),
  ),
)
const { plugin } = examplePlugin('example')
const source = definePlugin({
  ...plugin,
  fields,
  streams: {
    all: {
      fields: Object.keys(fields),
      maxDaysPerRequest: 30,
      answers: 'window',
      async *fetchData() {},
      mapData: () => [],
    },
  },
})

/** In Berlin this day has 25 hours. */
const day = '2026-10-25'
const midnight = Temporal.Instant.from('2026-10-24T22:00:00Z').epochMilliseconds
const halfHour = 1_800_000

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [source] })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
  await tributary.database.query(
    `insert into tributary.user_integrations (user_id, source_id, account_id, state, history_from)
     values ($1, 'example', 'm', 'connected', '2026-01-01')`,
    [userId],
  )
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

interface Stored {
  account: string
  origin: string
  layer: number
  /** Half hours since the day's midnight, and how many it lasts. */
  start: number
  length: number
  value: number
}

async function store(field: string, measurements: Stored[], records: Omit<Stored, 'start' | 'length'>[]) {
  await tributary.database.query('delete from tributary.series')
  const series = async ({ account, origin, layer }: Pick<Stored, 'account' | 'origin' | 'layer'>) => {
    const [row] = await tributary.database.query<{ id: number }>(
      `insert into tributary.series (user_id, source_id, account_id, field, origin, layer) values ($1, 'example', $2, $3, $4, $5)
       on conflict (user_id, source_id, account_id, field, dimension, origin, layer) do update set field = excluded.field
       returning id`,
      [userId, account, field, origin, layer],
    )
    return row?.id
  }
  for (const one of measurements) {
    const at = (steps: number) =>
      Temporal.Instant.fromEpochMilliseconds(midnight + steps * halfHour).toString()
    await tributary.database.query(
      `insert into tributary.measurements values ($1, $2, $3, $4) on conflict do nothing`,
      [await series(one), at(one.start), at(one.start + one.length), one.value],
    )
  }
  for (const one of records)
    await tributary.database.query(
      `insert into tributary.daily_records (series_id, day, value) values ($1, $2, $3) on conflict do nothing`,
      [await series(one), day, one.value],
    )
  await database.asUser(userId, (db) =>
    rollUp(db, {
      userId,
      cause: 'import',
      sourceId: 'example',
      zone: 'Europe/Berlin',
      slices: [{ fields: [field], from: day, to: day }],
    }),
  )
}

test('what an explanation says counts is what the day was made of, whatever the rule, the account, the origin and the hour', async () => {
  const of = {
    account: fc.constantFrom('a', 'm', 'z'),
    origin: fc.constantFrom('', 'watch'),
    layer: fc.constantFrom(0, 0, 1),
    value: fc.integer({ min: 1, max: 9 }),
  }
  const measurement = fc.record({
    ...of,
    start: fc.integer({ min: -12, max: 54 }),
    length: fc.nat({ max: 20 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(fields)),
      fc.array(measurement, { maxLength: 8 }),
      fc.array(fc.record(of), { maxLength: 2 }),
      async (field, measurements, records) => {
        await store(field, measurements, records)
        const explained = await tributary.engine.metrics.explain(userId, {
          metric: `example.${field}`,
          date: day,
          offset: 0,
        })
        const counted = [
          ...(explained.evidence?.measurements?.origins ?? []),
          ...(explained.evidence?.records ?? []),
        ].filter(({ counts }) => counts)
        expect(counted.map(({ value }) => value)).toEqual(explained.value === null ? [] : [explained.value])
      },
    ),
    { numRuns: 100 },
  )
})

test('after a move the measurements that explain a day are those of the day as it is cut now', async () => {
  await store('sumBystart', [{ account: 'm', origin: '', layer: 0, start: 40, length: 1, value: 5 }], [])
  await tributary.database.query(
    `insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day, zone, completed_at, covered_at)
     values ($1, 'example', 'm', 'all', $2, $2, 'Europe/Berlin', now(), now())`,
    [userId, day],
  )
  await tributary.engine.accounts.setTimeZone(userId, 'Asia/Tokyo')
  const explain = (date: string) =>
    tributary.engine.metrics.explain(userId, { metric: 'example.sumBystart', date, offset: 0 })
  expect(await explain(day)).toMatchObject({ value: null, evidence: { measurements: null } })
  expect(await explain('2026-10-26')).toMatchObject({
    value: 5,
    evidence: {
      day: { zone: 'Asia/Tokyo' },
      measurements: { count: 1, origins: [{ value: 5, counts: true }] },
    },
  })
  await tributary.engine.accounts.setTimeZone(userId, 'Europe/Berlin')
})

test.each(['example.constructor', 'example.toString', 'example.sumBystart.more', 'manual.x.y'])(
  'the name %s means nothing, and nothing can be entered by it',
  async (metric) => {
    const refusal = { code: 'unknown-metric' }
    await expect(
      tributary.engine.metrics.explain(userId, { metric, date: day, offset: 0 }),
    ).rejects.toMatchObject(refusal)
    await expect(
      tributary.engine.metrics.enter(userId, { metric, date: day, value: 1 }),
    ).rejects.toMatchObject(refusal)
  },
)
