import { plugins } from '@tributary/plugins'
import { afterEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** A night that was interrupted around midnight, and a nap. */
const times = [
  ['2026-11-17T20:30:00Z', '2026-11-17T22:40:00Z'],
  ['2026-11-17T23:20:00Z', '2026-11-18T05:00:00Z'],
  ['2026-11-18T13:00:00Z', '2026-11-18T13:30:00Z'],
] as const
const days = { from: '2026-11-16', to: '2026-11-19' }
const night = { sleepLength: (130 + 340) * 60, bedTime: -150, wakeUpTime: 360 }

const berlin = (time: string) =>
  Temporal.Instant.from(time).toZonedDateTimeISO('Europe/Berlin').toPlainDateTime().toString()
const minutes = ([start, end]: (typeof times)[number]) => (Date.parse(end) - Date.parse(start)) / 60_000

const answers = {
  'google-health': [
    {
      path: /dataTypes\/sleep/,
      body: {
        dataPoints: times.map((one) => ({
          sleep: {
            interval: { startTime: one[0], endTime: one[1] },
            summary: { minutesAsleep: String(minutes(one)) },
          },
        })),
      },
    },
  ],
  'google-fit': [
    {
      path: /\/sessions/,
      body: {
        session: times.map(([start, end]) => ({
          activityType: 72,
          startTimeMillis: String(Date.parse(start)),
          endTimeMillis: String(Date.parse(end)),
        })),
      },
    },
    {
      path: /datasets/,
      body: { dataSourceId: 'derived:com.google.sleep.segment:com.google.android.gms:merged' },
    },
  ],
  fitbit: [
    {
      path: /\/sleep\//,
      body: {
        sleep: times.map((one) => ({
          dateOfSleep: berlin(one[1]).slice(0, 10),
          startTime: berlin(one[0]),
          endTime: berlin(one[1]),
          minutesAsleep: minutes(one),
        })),
      },
    },
  ],
}

let tributary: TestEngine
let ada: SignedIn

afterEach(() => tributary.close())

test.each(Object.entries(answers))(
  'an interrupted night of %s counts as one, whatever days are imported together',
  async (source, pages) => {
    tributary = await createTestEngine({ plugins })
    ada = await tributary.addUser('ada@example.org')
    for (const { path, body } of pages)
      tributary.lab.lab.faults.add({ source, path, times: Infinity, respond: { status: 200, body } })
    await tributary.connect(ada, source)
    await tributary.engine.plugins.change(ada.user.id, source, {
      streams: ['sleep'],
      historyFrom: days.from,
      historyPaused: true,
    })
    tributary.startWorker()
    const values = async () => {
      const metrics = Object.keys(night).map((field) => `${source}.${field}`)
      const { days: found } = await tributary.engine.metrics.daily(ada.user.id, { ...days, metrics })
      return found.map((day) => metrics.map((metric) => day.values[metric] ?? null))
    }
    const nothing = [null, null, null]
    const expected = [nothing, nothing, Object.values(night), nothing]
    const job = await tributary.sync(ada, source, { startDate: days.from, endDate: days.to })
    expect(job).toMatchObject({ status: 'succeeded' })
    expect(await values()).toEqual(expected)
    for (const date of ['2026-11-17', '2026-11-18']) {
      tributary.clock.add({ minutes: 5 })
      await tributary.sync(ada, source, { startDate: date, endDate: date })
      expect(await values()).toEqual(expected)
    }
  },
)
