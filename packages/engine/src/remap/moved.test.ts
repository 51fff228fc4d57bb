import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import { type Hourly, hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import type { Worker } from '../worker/worker.ts'

const range = { from: '2026-10-31', to: '2026-11-20' }
/** In Berlin still the 13th, of which the answer came before the move; in Tokyo the 14th, of which one came after. */
const overlapping = Temporal.Instant.from('2026-11-13T20:00:00Z').epochMilliseconds

let tributary: TestEngine
let ada: SignedIn
let says: Hourly
let worker: Worker

beforeEach(async () => {
  says = { value: 1, missing: [overlapping] }
  tributary = await createTestEngine({
    plugins: [hourlyPlugin(says)],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  worker = tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: '2026-11-01' })
  await tributary.settled()
  says.missing = []
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'Asia/Tokyo')
  await tributary.settled()
})

afterEach(() => tributary.close())

async function steps() {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics: ['example.steps'] })
  return days.map(({ values }) => values['example.steps'] ?? null)
}

async function ended(): Promise<string | undefined> {
  for (;;) {
    const remap = await tributary.engine.remaps.get(ada.user.id, 'example')
    if (remap && remap.status !== 'comparing' && remap.status !== 'applying') return remap.status
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('answers of before and after a move are read again together, each day as it is cut now', async () => {
  const before = await steps()
  expect(before.filter((value) => value === 24).length).toBeGreaterThan(15)
  says.value = 2
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  expect(await ended()).toBe('ready')
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  expect(await ended()).toBe('applied')
  expect(await steps()).toEqual(before.map((value) => value && Number(value) * 2))
})

test('an hour that the newer answer has is not taken away for missing in the older one', async () => {
  const before = await steps()
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  expect(await ended()).toBe('applied')
  expect(await steps()).toEqual(before)
})

test('a day that begins, where the user is now, in the last hours of the last answer is recomputed too', async () => {
  const last = async () => {
    const day = { from: '2026-11-21', to: '2026-11-21', metrics: ['example.steps'] }
    const { days } = await tributary.engine.metrics.daily(ada.user.id, day)
    return days[0]?.values['example.steps']
  }
  // Without the answers of after the move those of before count: their last day ends at eight in the morning in Tokyo.
  await tributary.database.query(`delete from tributary.fetches where zone = 'Asia/Tokyo'`)
  expect(await last()).toBe(8)
  says.value = 2
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  expect(await ended()).toBe('ready')
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  expect(await ended()).toBe('applied')
  expect(await last()).toBe(16)
})

test('a day that was empty on the day that it was asked is not known to be empty for being read again later', async () => {
  const state = async () => {
    const [row] = await tributary.database.query<{ states: string[] }>(
      `select array_agg(state) as states from tributary.coverage where days @> '2026-11-20'::date`,
    )
    return row?.states
  }
  const { start, end } = instantsOf({ from: '2026-11-20', to: '2026-11-20' }, 'Asia/Tokyo')
  for (let at = start; at < end; at += 3_600_000) says.missing?.push(at)
  await tributary.engine.plugins.sync(ada.user.id, 'example', {})
  await tributary.settled()
  expect(await state()).toEqual(['not-due-yet'])
  tributary.clock.add({ hours: 24 * 10 })
  says.value = 2
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  expect(await ended()).toBe('ready')
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  expect(await ended()).toBe('applied')
  expect(await state()).toEqual(['not-due-yet'])
})

test('answers that were removed since the plan was made are unreadable, and would take nothing away', async () => {
  await worker.stop()
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  await tributary.database.query(
    `with gone as (update tributary.fetches set pages_removed_at = now() returning id)
     delete from tributary.raw_pages where fetch_id in (select id from gone)`,
  )
  tributary.startWorker()
  expect(await ended()).toBe('ready')
  const remap = await tributary.engine.remaps.get(ada.user.id, 'example')
  expect(remap?.preview).toMatchObject({ records: 0, measurements: 0, dailyValues: 0 })
  expect(remap?.preview?.unreadable).toBe(remap?.windows.total)
})
