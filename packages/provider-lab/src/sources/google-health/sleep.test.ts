import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestLab } from '../../test-client.ts'
import { startTestLab } from '../../test-client.ts'
import { truthOf } from '../../test-connection.ts'
import type { TrueDay } from '../../truth/true-days.ts'
import { client, HOME } from './test-health.ts'
import type { HealthClient } from './test-health.ts'

interface Interval {
  startTime: string
  endTime?: string
  startUtcOffset: string
  civilStartTime?: unknown
}
interface Stage {
  type: string
  startTime: string
  endTime: string
}
interface SleepPoint {
  name: string
  sleep: {
    interval: Interval
    type: string
    metadata: { processed: boolean; mainSleep?: boolean; nap?: boolean; stagesStatus?: string }
    stages: Stage[]
    shortAwakenings?: Stage[]
    summary: { minutesAsleep: string; minutesAwake: string; minutesInSleepPeriod: string }
  }
}

let lab: TestLab
let health: HealthClient
beforeAll(async () => {
  lab = await startTestLab('2026-11-20T12:00:00Z', { requestLimits: { 'google-health': 10_000 } })
  health = await client(lab)
})
afterAll(() => lab.close())

const truth = (from: string, to: string) => truthOf<TrueDay>(lab, 'google-health', from, to)
const minutes = ({ startTime, endTime }: { startTime: string; endTime: string }) =>
  (Date.parse(endTime) - Date.parse(startTime)) / 60_000

describe('sleep', () => {
  const filter =
    'sleep.interval.civil_end_time >= "2026-09-01" AND sleep.interval.civil_end_time < "2026-11-20"'
  const all = async (read: string) => {
    const pages = await health.pages(`sleep/dataPoints${read}`, { filter, pageSize: '100' })
    expect(pages.every(({ dataPoints }) => dataPoints.length <= 25)).toBe(true)
    return pages.flatMap(({ dataPoints }) => dataPoints) as unknown as SleepPoint[]
  }

  test.each(['', ':reconcile'])(
    'the main sleeps of the read "%s" are the true nights by the day they end',
    async (read) => {
      const nights = (await all(read)).filter(({ sleep }) => sleep.metadata.mainSleep)
      const found = new Map(
        nights.map(({ sleep }) => {
          const end = Temporal.Instant.from(sleep.interval.endTime ?? '').toZonedDateTimeISO(HOME)
          return [end.toPlainDate().toString(), sleep]
        }),
      )
      for (const { date, sleepMinutes, bedTime, wakeUpTime } of await truth('2026-09-01', '2026-11-19')) {
        const sleep = found.get(date)
        expect(sleep ? Number(sleep.summary.minutesAsleep) : null).toBe(sleepMinutes)
        if (!sleep) continue
        const midnight = Temporal.PlainDate.from(date).toPlainDateTime()
        const byClock = (at = '') =>
          midnight
            .until(Temporal.Instant.from(at).toZonedDateTimeISO(HOME).toPlainDateTime())
            .total('minutes')
        expect([byClock(sleep.interval.startTime), byClock(sleep.interval.endTime)]).toEqual([
          bedTime,
          wakeUpTime,
        ])
      }
    },
  )

  test('the stages fill the night, the short wakings lie over them, and naps have no stages', async () => {
    const points = await all('')
    for (const { sleep } of points) {
      const length = minutes(sleep.interval as { startTime: string; endTime: string })
      const awake = [...sleep.stages, ...(sleep.shortAwakenings ?? [])].filter(
        ({ type }) => type === 'AWAKE' || type === 'RESTLESS',
      )
      expect(sleep.stages.reduce((sum, stage) => sum + minutes(stage), 0)).toBe(length)
      expect(awake.reduce((sum, stage) => sum + minutes(stage), 0)).toBe(Number(sleep.summary.minutesAwake))
      expect(Number(sleep.summary.minutesAsleep) + Number(sleep.summary.minutesAwake)).toBe(length)
      expect(sleep.type).toBe(sleep.metadata.nap ? 'CLASSIC' : 'STAGES')
    }
    expect(points.some(({ sleep }) => sleep.metadata.nap)).toBe(true)
  })

  test('only when reconciled, the interval has civil times', async () => {
    expect((await all(''))[0]?.sleep.interval).not.toHaveProperty('civilStartTime')
    expect((await all(':reconcile'))[0]?.sleep.interval).toHaveProperty('civilStartTime')
  })

  test('a night that goes on past the upload has no end until the next one brings it', async () => {
    const later = (await truth('2026-01-01', '2026-11-19')).find(
      ({ wakeUpTime }) => (wakeUpTime ?? 0) > 9 * 60 + 5,
    )
    const date = Temporal.PlainDate.from(later?.date ?? '')
    const noon = date.toZonedDateTime({ timeZone: HOME, plainTime: '12:00' }).toInstant()
    const other = await startTestLab(noon.toString())
    const newest = async () => {
      const filter = `sleep.interval.end_time >= "${date.subtract({ days: 1 }).toString()}T12:00:00Z"`
      const { dataPoints } = await (await client(other)).page('sleep/dataPoints', { filter })
      return (dataPoints as unknown as SleepPoint[]).filter(({ sleep }) => !sleep.metadata.nap).at(-1)?.sleep
    }
    const before = await newest()
    expect(before?.interval).not.toHaveProperty('endTime')
    expect(before?.metadata).toEqual({ processed: false })
    expect(before).not.toHaveProperty('summary')
    other.pass({ days: 1 })
    const after = await newest()
    expect(after?.metadata).toMatchObject({ processed: true, mainSleep: true })
    expect(Number(after?.summary.minutesAsleep)).toBe(later?.sleepMinutes)
    await other.close()
  })

  test('for half an hour after the upload a night has an end and no stages yet', async () => {
    const other = await startTestLab('2026-11-19T08:10:00Z')
    const newest = async () => {
      const { dataPoints } = await (await client(other)).page('sleep/dataPoints', { pageSize: '1' })
      return (dataPoints as unknown as SleepPoint[])[0]?.sleep
    }
    const before = await newest()
    expect(before?.interval).toHaveProperty('endTime')
    expect([before?.metadata.processed, before && 'stages' in before]).toEqual([false, false])
    other.pass({ minutes: 20 })
    expect((await newest())?.metadata.processed).toBe(true)
    await other.close()
  })
})
