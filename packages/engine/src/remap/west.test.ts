import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { type Hourly, hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const range = { from: '2026-11-04', to: '2026-11-19' }
let tributary: TestEngine
let ada: SignedIn
let says: Hourly

beforeEach(async () => {
  says = { value: 1 }
  tributary = await createTestEngine({
    plugins: [hourlyPlugin(says)],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: '2026-11-01' })
  await tributary.settled()
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'America/New_York')
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

test('after a move to the west all hours are read again, also those between the last day there and the first here', async () => {
  const before = await steps()
  says.value = 2
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  expect(await ended()).toBe('ready')
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  expect(await ended()).toBe('applied')
  expect(await steps()).toEqual(before.map((value) => value && Number(value) * 2))
})
