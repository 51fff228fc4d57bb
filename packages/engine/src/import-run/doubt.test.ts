import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
/** The fields that the next answers lack, as `one` or `one@day`; when no answer is left, none. */
let lacking: string[]

const valueOf = (field: string, day: Temporal.PlainDate, lacks: string) =>
  lacks.split(' ').some((lack) => lack === field || lack === `${field}@${day.toString()}`) ? null : 1

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
                fields: { one: valueOf('one', day, lacks), two: valueOf('two', day, lacks) },
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

async function values(day = '2026-11-18') {
  const metrics = ['example.one', 'example.two']
  const range = { from: day, to: day, metrics }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
  return metrics.map((metric) => days[0]?.values[metric])
}

test('two answers that each lack something else take nothing away, and the job says so', async () => {
  lacking = ['one', 'two']
  expect(await sync()).toMatchObject({
    status: 'failed',
    counts: { removed: 0 },
    reason: expect.stringContaining('and not the same ones'),
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

test('one missing value is requested a second time, and stays where the second answer has it', async () => {
  lacking = ['one@2026-11-18']
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { removed: 0 } })
  expect(await values()).toEqual([1, 1])
})

test('two answers that lack as many values of one field, but of other days, remove nothing', async () => {
  lacking = ['one@2026-11-18', 'one@2026-11-17']
  expect(await sync()).toMatchObject({ status: 'failed', counts: { removed: 0 } })
  expect([await values(), await values('2026-11-17')]).toEqual([
    [1, 1],
    [1, 1],
  ])
})

test('a day that becomes empty is requested once more by the next import, though it has left the look-back', async () => {
  const day = '2026-11-14'
  const lacks = `one@${day} two@${day}`
  lacking = [lacks, lacks]
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { removed: 2 } })
  expect(await values(day)).toEqual([null, null])
  tributary.clock.add({ hours: 24 })
  await tributary.settled()
  expect(await sync()).toMatchObject({ status: 'succeeded' })
  expect(await values(day)).toEqual([1, 1])
})
