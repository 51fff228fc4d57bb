import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { type Hourly, hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** In Los Angeles the last hours of October; in Havana, whose clock then goes back to midnight, the first hour of November. */
const overlapping = Temporal.Instant.from('2026-11-01T04:00:00Z').epochMilliseconds
const range = { from: '2026-10-28', to: '2026-11-06' }

let tributary: TestEngine
let ada: SignedIn
let says: Hourly

beforeEach(async () => {
  says = { value: 1, missing: [overlapping] }
  tributary = await createTestEngine({
    plugins: [hourlyPlugin(says)],
    aliases: { example: 'example-service' },
    now: '2026-11-07T18:00:00Z',
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'America/Los_Angeles')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: '2026-10-20' })
  await tributary.settled()
  says.missing = []
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'America/Havana')
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

test('the hour that comes twice around midnight is not taken away for missing in the older answer', async () => {
  const before = await steps()
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  expect(await ended()).toBe('applied')
  expect(await steps()).toEqual(before)
})
