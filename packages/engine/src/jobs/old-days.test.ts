import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const today = '2026-11-20'
const historyDays = 30

let tributary: TestEngine
let ada: SignedIn
/** The first day that the source still gives of the stream that it gives for some days only. */
let givenFrom: string

/** The example service with a second stream, of which it gives the last thirty days only. */
function source() {
  const { plugin } = examplePlugin('example')
  const { days } = plugin.streams
  if (!days) throw new Error('there is no such stream')
  const score = { name: 'Score', type: 'number', unit: '{score}' } as const
  const { historyDays: _, ...lasting } = days
  return definePlugin({
    ...plugin,
    fields: { lasting: score, passing: score },
    streams: {
      lasting: {
        ...lasting,
        fields: ['lasting'],
        mapData: (pages) =>
          pages.flatMap(({ entries }) =>
            entries.map(({ date, score: value }: { date: string; score: number }) => ({
              date,
              fields: { lasting: value },
            })),
          ),
      },
      passing: {
        ...days,
        historyDays,
        fields: ['passing'],
        async *fetchData(request) {
          const from = request.from > givenFrom ? request.from : givenFrom
          if (from <= request.to) yield* days.fetchData({ ...request, from })
          else yield { entries: [] }
        },
        mapData: (pages) =>
          pages.flatMap(({ entries }) =>
            entries.map(({ date, score: value }: { date: string; score: number }) => ({
              date,
              fields: { passing: value },
            })),
          ),
      },
    },
  })
}

beforeEach(async () => {
  givenFrom = addDays(today, 1 - historyDays)
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: addDays(today, -20) })
  await tributary.settled()
})

afterEach(() => tributary.close())

async function passing(day: string) {
  const range = { from: day, to: day, metrics: ['example.passing'] }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
  return days[0]?.values['example.passing']
}

async function grow(days: number): Promise<void> {
  tributary.clock.add({ hours: 24 * days })
  givenFrom = addDays(givenFrom, days)
}

const asked = () => tributary.lab.lab.requests('example').filter(({ path }) => path.includes('/data')).length

test('days that a source gives no more are not asked again by name, and what it gave of them stays', async () => {
  const day = addDays(today, -10)
  const before = await passing(day)
  expect(before).toBeGreaterThan(0)
  await grow(60)
  const job = await tributary.engine.plugins.sync(ada.user.id, 'example', { startDate: day, endDate: day })
  await tributary.settled()
  expect(job).toMatchObject({ status: 'succeeded', counts: { removed: 0, pages: 1 } })
  expect(await passing(day)).toBe(before)
})

test('a day that was never asked is, however old, when a person names it', async () => {
  const day = addDays(today, -80)
  const job = await tributary.engine.plugins.sync(ada.user.id, 'example', { startDate: day, endDate: day })
  await tributary.settled()
  expect(job).toMatchObject({ status: 'succeeded', counts: { pages: 2 } })
})

test('looking at a day asks for what was never asked, once, and takes nothing away', async () => {
  const day = addDays(today, -10)
  const before = await passing(day)
  await tributary.engine.plugins.change(ada.user.id, 'example', { streams: ['passing'] })
  await tributary.database.query(`delete from tributary.coverage where stream = 'lasting'`)
  await grow(60)
  await tributary.engine.plugins.change(ada.user.id, 'example', {
    streams: ['passing', 'lasting'],
    historyPaused: true,
  })
  expect(await tributary.engine.metrics.look(ada.user.id, day)).toEqual(['example'])
  await tributary.settled()
  expect(await passing(day)).toBe(before)
  const requests = asked()
  expect(await tributary.engine.metrics.look(ada.user.id, day)).toEqual([])
  await tributary.settled()
  expect(asked()).toBe(requests)
})
