import { definePlugin, type Stream } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../clock.ts'
import type { SignedIn } from '../engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const today = '2026-11-20'
const days = { from: addDays(today, -9), to: today }

let tributary: TestEngine
let ada: SignedIn
/** The days that have a value, counted from today. */
let said: { day: number; unsettled?: boolean }[] = []

const stream = (field: string, declared: Partial<Stream> = {}): Stream => ({
  fields: [field],
  maxDaysPerRequest: 90,
  answers: 'window',
  async *fetchData({ http, from, to }) {
    yield await http.get('/data', { start: from, end: to })
  },
  mapData: () =>
    said.map(({ day, ...more }) => ({ date: addDays(today, day), fields: { [field]: 5 }, ...more })),
  ...declared,
})

beforeAll(async () => {
  const { plugin } = examplePlugin('example')
  const streams = {
    usual: stream('one'),
    late: stream('two', { settlesAfterDays: 4 }),
    atOnce: stream('three', { settlesAfterDays: 0 }),
  }
  const field = { name: 'Score', type: 'number', unit: '{score}' } as const
  tributary = await createTestEngine({
    plugins: [definePlugin({ ...plugin, fields: { one: field, two: field, three: field }, streams })],
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
  expect(await imported('had-none')).toEqual({
    usual: range(-9, -2),
    late: range(-9, -4),
    atOnce: range(-9, 0),
  })
  expect(await imported('not-due-yet')).toEqual({ usual: range(-1, 0), late: range(-3, 0), atOnce: [] })
  tributary.clock.add({ hours: 24 })
  expect(await imported('not-due-yet')).toEqual({ usual: range(0, 1), late: range(-2, 1), atOnce: [] })
})

test('a day that the source is still at work on is not due, whatever it says of it', async () => {
  said = [{ day: -7 }, { day: -6, unsettled: true }, { day: -5 }]
  expect(await imported('has-data')).toMatchObject({ usual: [...range(-7, -7), ...range(-5, -5)] })
  expect((await imported('not-due-yet'))['atOnce']).toEqual(range(-6, -6))
  said = [{ day: -7 }, { day: -6 }, { day: -5 }]
  expect(await imported('has-data')).toMatchObject({ usual: range(-7, -5) })
})
