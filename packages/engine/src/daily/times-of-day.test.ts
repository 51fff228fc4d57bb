import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { definePlugin, type DayRule, type Field, type MappedRecord } from '@tributary/plugin-sdk'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { meanTime, minutesLater, placeNear } from '../domain/time-of-day.ts'

const date = '2026-11-12'
const rules = ['mean', 'min', 'max'] as const

let tributary: TestEngine
let ada: SignedIn

/** A source whose bed times are given as daily records, and by several measurements of a day, one field for each rule. */
function source(id: string, bedTime: string) {
  const { plugin } = examplePlugin(id)
  const time = (day: DayRule): Field => ({ name: `Time, ${day}`, type: 'time', day })
  const fields: Record<string, Field> = {
    bedTime: { name: 'Bed time', type: 'time', kind: 'bed-time' },
    ...Object.fromEntries(rules.map((rule) => [rule, time(rule)])),
  }
  return definePlugin({
    ...plugin,
    name: id,
    fields,
    streams: {
      days: {
        fields: Object.keys(fields),
        maxDaysPerRequest: 90,
        answers: 'window',
        async *fetchData() {
          yield {}
        },
        *mapData(): Generator<MappedRecord> {
          yield { date, fields: { bedTime } }
          for (const field of rules)
            for (const [hour, value] of ['23:30', '00:30', '23:50', '00:50'].entries())
              yield { field, start: `${date}T0${hour}:00:00Z`, value }
        },
      },
    },
  })
}

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [source('one', '23:50'), source('other', '00:20')],
    aliases: { one: 'example-service', other: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  for (const id of ['one', 'other']) {
    await tributary.connect(ada, id)
    await tributary.settled()
  }
})

afterAll(() => tributary.close())

test.each([
  ['mean', 10],
  ['min', -30],
  ['max', 50],
])('the %s of a day’s times around midnight is taken on the clock', async (rule, expected) => {
  const metric = `one.${rule}`
  const { days } = await tributary.engine.metrics.daily(ada.user.id, {
    from: date,
    to: date,
    metrics: [metric],
  })
  const value = Number(days[0]?.values[metric])
  expect(minutesLater(value, expected)).toBeCloseTo(0, 6)
  const { evidence } = await tributary.engine.metrics.explain(ada.user.id, { metric, date })
  expect(evidence?.measurements?.origins).toMatchObject([{ value, counts: true }])
})

test('two sources’ times of day differ by the shorter way around the clock', async () => {
  const { comparisons } = await tributary.engine.metrics.compare(ada.user.id, {
    metric: 'metric.bed-time',
    from: date,
    to: date,
  })
  expect(comparisons).toMatchObject([
    {
      days: [{ one: 1430, other: 20, difference: 30 }],
      meanDifference: 30,
      meanAbsoluteDifference: 30,
    },
  ])
})

test('database and pages combine times in the same way', async () => {
  const minutes = fc.integer({ min: -2880, max: 2880 })
  await fc.assert(
    fc.asyncProperty(fc.array(minutes, { minLength: 1, maxLength: 12 }), async (times) => {
      const [row] = await tributary.database.query<Record<(typeof rules)[number], number>>(
        `select ${rules.map((rule) => `tributary.combine_times('${rule}', $1) as ${rule}`).join(', ')}`,
        [times],
      )
      const together = times.map(placeNear(times))
      const expected = meanTime(times)
      if (expected !== null) expect(row?.mean).toBeCloseTo(expected, 4)
      expect(row?.min).toBeCloseTo(Math.min(...together), 4)
      expect(row?.max).toBeCloseTo(Math.max(...together), 4)
    }),
    { numRuns: 200 },
  )
})
