import { definePlugin, type Stream } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const today = '2026-11-20'
const days = { from: addDays(today, -9), to: today }

let tributary: TestEngine
let ada: SignedIn
/** The days of which the source gives a record, counted from today. */
let said: { day: number; unsettled?: boolean; empty?: boolean }[] = []
/** The days of each request for the stream with the shortest look-back. */
const asked: { from: string; to: string }[] = []

const stream = (field: string, declared: Partial<Stream> = {}): Stream => ({
  fields: [field],
  maxDaysPerRequest: 90,
  answers: 'window',
  async *fetchData({ http, from, to }) {
    yield await http.get('/data', { start: from, end: to })
  },
  mapData: () =>
    said.map(({ day, empty, ...more }) => ({
      date: addDays(today, day),
      fields: empty ? {} : { [field]: 5 },
      ...more,
    })),
  ...declared,
})

beforeAll(async () => {
  const { plugin } = examplePlugin('example')
  const streams = {
    usual: stream('one'),
    late: stream('two', { settlesAfterDays: 4 }),
    atOnce: stream('three', { settlesAfterDays: 0 }),
    brief: stream('four', {
      lookbackDays: 1,
      async *fetchData({ http, from, to }) {
        asked.push({ from, to })
        yield await http.get('/data', { start: from, end: to })
      },
    }),
  }
  const field = { name: 'Score', type: 'number', unit: '{score}' } as const
  tributary = await createTestEngine({
    plugins: [
      definePlugin({ ...plugin, fields: { one: field, two: field, three: field, four: field }, streams }),
    ],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', {
    historyFrom: days.from,
    historyPaused: true,
  })
  await tributary.settled()
})

afterAll(() => tributary.close())

/** The days of each stream in some state, after they were imported again. */
async function imported(state: 'not-due-yet' | 'had-none' | 'has-data') {
  tributary.clock.add({ minutes: 1 })
  const asked = { startDate: days.from, endDate: addDays(today, 1) }
  const job = await tributary.sync(ada, 'example', asked)
  expect(job.status).toBe('succeeded')
  const { streams } = await tributary.engine.plugins.coverage(ada.user.id, 'example', {
    from: days.from,
    to: addDays(today, 1),
  })
  return Object.fromEntries(streams.map(({ id, days: found }) => [id, found[state]]))
}

const range = (from: number, to: number) => [{ from: addDays(today, from), to: addDays(today, to) }]

test('empty days are not due before they are as old as their stream says, and from then on the source had none', async () => {
  expect(await imported('had-none')).toMatchObject({
    usual: range(-9, -2),
    late: range(-9, -4),
    atOnce: range(-9, 0),
  })
  expect(await imported('not-due-yet')).toMatchObject({ usual: range(-1, 0), late: range(-3, 0), atOnce: [] })
  tributary.clock.add({ hours: 24 })
  expect(await imported('not-due-yet')).toMatchObject({ usual: range(0, 1), late: range(-2, 1), atOnce: [] })
})

test('an unfinished day is not due, whatever the source gives for it, until 72 hours after its end', async () => {
  said = [
    { day: -4, unsettled: true },
    { day: -3 },
    { day: -2, unsettled: true },
    { day: -1, unsettled: true, empty: true },
  ]
  expect(await imported('not-due-yet')).toMatchObject({ usual: range(-2, 1), atOnce: range(-2, -1) })
  expect(await imported('has-data')).toMatchObject({ usual: range(-4, -3) })

  // The day −2 ended 72 hours before this moment, in Berlin.
  tributary.clock.set('2026-11-21T22:58:00Z')
  expect(await imported('has-data')).toMatchObject({ atOnce: range(-4, -3) })
  tributary.clock.set('2026-11-21T22:59:00Z')
  expect(await imported('has-data')).toMatchObject({ usual: range(-4, -2), atOnce: range(-4, -2) })

  tributary.clock.set('2026-11-22T22:59:00Z')
  expect(await imported('had-none')).toMatchObject({ atOnce: [...range(-9, -5), ...range(-1, 1)] })
})

test('a closed day costs no request of its own, and data that comes late is stored all the same', async () => {
  tributary.clock.set('2026-11-23T12:00:00Z')
  said = [{ day: 0, unsettled: true, empty: true }]
  const asksForTheDay = async () => {
    asked.length = 0
    tributary.clock.add({ minutes: 1 })
    await tributary.sync(ada, 'example')
    return asked.some(({ from, to }) => from <= today && to >= today)
  }
  await imported('has-data')
  expect([await asksForTheDay(), await asksForTheDay()]).toEqual([true, true])

  tributary.clock.set('2026-11-23T23:00:00Z')
  expect([await asksForTheDay(), await asksForTheDay()]).toEqual([true, false])

  said = [{ day: 0 }]
  expect((await imported('has-data'))['usual']).toEqual(range(0, 0))
  const day = { from: today, to: today, metrics: ['example.one'] }
  const { days: values } = await tributary.engine.metrics.daily(ada.user.id, day)
  expect(values[0]?.values).toEqual({ 'example.one': 5 })
})
