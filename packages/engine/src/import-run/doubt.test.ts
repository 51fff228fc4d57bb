import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
/** What the next answers lack; when none is left, nothing. */
let lacking: string[]

/** A source with two fields in one stream, each day 1. */
function source() {
  const { plugin } = examplePlugin('example')
  const score = { name: 'Score', type: 'number', unit: '{score}' } as const
  return definePlugin({
    ...plugin,
    fields: { one: score, two: score },
    streams: {
      both: {
        name: 'Both',
        fields: ['one', 'two'],
        maxDaysPerRequest: 30,
        answers: 'window',
        async *fetchData() {
          yield { lacks: lacking.shift() ?? '' }
        },
        *mapData(pages: { lacks: string }[], { from, to }) {
          for (const { lacks } of pages)
            for (let day = Temporal.PlainDate.from(from); day.toString() <= to; day = day.add({ days: 1 }))
              yield {
                date: day.toString(),
                fields: { one: lacks.includes('one') ? null : 1, two: lacks.includes('two') ? null : 1 },
              }
        },
      },
    },
  })
}

beforeEach(async () => {
  lacking = []
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyPaused: true })
  await tributary.settled()
})

afterEach(() => tributary.close())

const sync = () => tributary.engine.plugins.sync(ada.user.id, 'example', {})

async function values() {
  const metrics = ['example.one', 'example.two']
  const range = { from: '2026-11-18', to: '2026-11-18', metrics }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
  return metrics.map((metric) => days[0]?.values[metric])
}

test('two answers that each lack something else take nothing away, and the job says so', async () => {
  lacking = ['one', 'two']
  expect(await sync()).toMatchObject({
    status: 'failed',
    counts: { removed: 0 },
    reason: expect.stringContaining('do not say the same'),
  })
  expect(await values()).toEqual([1, 1])
  expect(await sync()).toMatchObject({ status: 'succeeded' })
  expect(await values()).toEqual([1, 1])
})

test('a second answer that lacks the same is believed, and one that lacks less too', async () => {
  lacking = ['one two', 'one']
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { removed: 7 } })
  expect(await values()).toEqual([null, 1])
})
