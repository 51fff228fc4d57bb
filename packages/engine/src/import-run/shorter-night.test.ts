import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const hour = 3_600_000
const range = { from: '2026-11-10', to: '2026-11-12' }
const zone = 'Europe/Berlin'
const midnight = (day: string) => instantsOf({ from: day, to: day }, zone).start
const evening = midnight('2026-11-10') + 20 * hour

let tributary: TestEngine
let ada: SignedIn
let spans: { start: number; end: number }[]

function nights() {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    fields: { asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' } },
    streams: {
      nights: {
        name: 'Nights',
        fields: ['asleep'],
        maxDaysPerRequest: 1,
        answers: 'window',
        async *fetchData() {
          yield { spans }
        },
        *mapData(pages: { spans: typeof spans }[]) {
          for (const { spans } of pages)
            for (const span of spans) yield { field: 'asleep', ...span, value: 1 }
        },
      },
    },
  })
}

beforeEach(async () => {
  spans = []
  tributary = await createTestEngine({ plugins: [nights()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
})
afterEach(() => tributary.close())

async function begin() {
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: range.from })
  await tributary.settled()
}

async function asleep() {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, {
    ...range,
    metrics: ['example.asleep'],
  })
  return days.map(({ values }) => values['example.asleep'])
}

test('a night that now ends a day earlier, with a nap on the later day, is imported', async () => {
  const nap = { start: midnight('2026-11-11') + 13 * hour, end: midnight('2026-11-11') + 14 * hour }
  spans = [{ start: evening, end: evening + 9 * hour }, nap]
  await begin()
  expect(await asleep()).toEqual([null, 10 * 3600, null])
  spans = [{ start: evening, end: evening + 3 * hour }, nap]
  await tributary.sync(ada, 'example', { startDate: range.from, endDate: range.to })
  expect(await asleep()).toEqual([3 * 3600, 3600, null])
})
