import { expect, test } from 'vitest'
import { mapPages } from '../testing/map-pages.ts'
import { sleep } from './sleep.ts'

const session = (from: string, to: string | undefined, metadata: object, minutesAsleep?: string) => ({
  sleep: {
    interval: {
      startTime: from,
      startUtcOffset: '3600s',
      ...(to ? { endTime: to, endUtcOffset: '3600s' } : {}),
    },
    metadata,
    ...(minutesAsleep ? { summary: { minutesAsleep } } : {}),
  },
})
const night = (metadata: object, minutes?: string) =>
  session('2026-11-17T22:30:00Z', '2026-11-18T06:00:00Z', metadata, minutes)
const nap = (metadata: object, minutes?: string) =>
  session('2026-11-18T13:00:00Z', '2026-11-18T14:00:00Z', metadata, minutes)
const value = [{ date: '2026-11-18', fields: { sleepLength: 24_000, bedTime: -30, wakeUpTime: 420 } }]
const done = { processed: true, mainSleep: true }

test.each([
  ['the marked one counts', [nap({ processed: true, nap: true }, '50'), night(done, '400')], value],
  [
    'without marks the longest counts',
    [nap({ processed: true }, '50'), night({ processed: true }, '400')],
    value,
  ],
  ['a nap alone is no night', [nap({ processed: true, nap: true }, '50')], []],
  ['one that goes on has none', [session('2026-11-17T22:30:00Z', undefined, { processed: false })], []],
  ['stages that are still computed have none', [night({ processed: false })], []],
  ['a summary before its time is none', [night({ processed: false }, '400')], []],
  [
    'nor does a nap stand in for a night that is still computed',
    [night({ processed: false }), nap({ processed: true }, '50')],
    [],
  ],
  [
    'a nap that is still computed takes nothing from the night',
    [nap({ processed: false }), night(done, '400')],
    value,
  ],
])('%s', async (_, dataPoints, expected) => {
  expect(await mapPages(sleep, [{ dataPoints }])).toEqual(expected)
})

test('it is read again for a week, and not taken for none before the third day', () => {
  expect(sleep).toMatchObject({ lookbackDays: 7, settlesAfterDays: 3 })
})
