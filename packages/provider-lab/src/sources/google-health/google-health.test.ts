import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestLab } from '../../test-client.ts'
import { startTestLab } from '../../test-client.ts'
import { truthOf } from '../../test-connection.ts'
import type { TrueDay } from '../../truth/true-days.ts'
import { civil, client, dateOf } from './test-health.ts'
import type { HealthClient, Page, Rollup } from './test-health.ts'

type Day = TrueDay & {
  activeCalories: number | null
  vo2Max: number | null
  bodyFat: number | null
  workouts: number
}

let lab: TestLab
let health: HealthClient
beforeAll(async () => {
  lab = await startTestLab('2026-11-20T12:00:00Z', { requestLimits: { 'google-health': 10_000 } })
  health = await client(lab)
})
afterAll(() => lab.close())

const truth = (from: string, to: string) => truthOf<Day>(lab, 'google-health', from, to)
const rollUpByDay = async (type: string, from: string, to: string) => {
  const end = Temporal.PlainDate.from(to).add({ days: 1 }).toString()
  const answer = await health.post(`${type}/dataPoints:dailyRollUp`, {
    range: { start: civil(from), end: civil(end) },
    windowSizeDays: 1,
  })
  expect(answer.status).toBe(200)
  const { rollupDataPoints } = (await answer.json()) as Rollup
  return new Map(rollupDataPoints.map((point) => [dateOf(point.civilStartTime?.date), point]))
}

describe('the daily rollups', () => {
  test('are the true days, with whole numbers as text, and leave out a day that was not worn', async () => {
    const idle = (await truth('2024-01-01', '2024-12-31')).find(({ steps }) => steps === null)?.date ?? ''
    const from = Temporal.PlainDate.from(idle).subtract({ days: 44 }).toString()
    const to = Temporal.PlainDate.from(idle).add({ days: 45 }).toString()
    const days = await truth(from, to)
    const [steps, distance, floors, energy, zones] = await Promise.all(
      ['steps', 'distance', 'floors', 'active-energy-burned', 'active-zone-minutes'].map((type) =>
        rollUpByDay(type, from, to),
      ),
    )
    expect(days.filter((day) => day.steps === null).length).toBeGreaterThan(0)
    for (const day of days) {
      expect(steps?.get(day.date)?.steps).toEqual(
        day.steps === null ? undefined : { countSum: String(day.steps) },
      )
      expect(floors?.get(day.date)?.floors).toEqual(
        day.floors === null ? undefined : { countSum: String(day.floors) },
      )
      const { millimetersSum } = distance?.get(day.date)?.distance ?? {}
      expect(millimetersSum).toEqual(
        day.distance === null ? undefined : String(Math.round(day.distance * 1e6)),
      )
      expect(energy?.get(day.date)?.activeEnergyBurned?.kcalSum ?? null).toBe(day.activeCalories)
      const sums = Object.values(zones?.get(day.date)?.activeZoneMinutes ?? {}).map(Number)
      expect(sums.reduce((sum, value) => sum + value, 0) || null).toBe(day.zoneMinutes)
    }
  })

  test('of a fortnight have calories, minutes by level and heart rate', async () => {
    const [from, to] = ['2026-11-06', '2026-11-19']
    const calories = await rollUpByDay('total-calories', from, to)
    const active = await rollUpByDay('active-minutes', from, to)
    const heart = await rollUpByDay('heart-rate', from, to)
    for (const day of await truth(from, to)) {
      expect(Math.round(calories.get(day.date)?.totalCalories?.kcalSum ?? -1)).toBe(day.calories ?? -1)
      const levels = active.get(day.date)?.activeMinutes?.activeMinutesRollupByActivityLevel ?? []
      const brisk = levels.filter(({ activityLevel }) => activityLevel !== 'LIGHT')
      expect(brisk.reduce((sum, { activeMinutesSum }) => sum + Number(activeMinutesSum), 0)).toBe(
        day.activeMinutes ?? 0,
      )
      const rate = heart.get(day.date)?.heartRate
      expect([rate?.beatsPerMinuteMin ?? null, rate?.beatsPerMinuteMax ?? null]).toEqual([
        day.heartRateMin,
        day.heartRateMax,
      ])
    }
  })

  test('of weight and fat are there for the days of the scale', async () => {
    const weight = await rollUpByDay('weight', '2026-10-01', '2026-11-19')
    const fat = await rollUpByDay('body-fat', '2026-10-01', '2026-11-19')
    for (const day of await truth('2026-10-01', '2026-11-19')) {
      const grams = weight.get(day.date)?.weight?.weightGramsAvg
      expect(grams === undefined ? null : grams / 1000).toBe(day.weight)
      expect(fat.get(day.date)?.bodyFat?.bodyFatPercentageAvg ?? null).toBe(day.bodyFat)
    }
  })

  test('come the newest first, by civil days whose times are empty', async () => {
    const found = [...(await rollUpByDay('steps', '2026-10-19', '2026-10-29')).values()]
    expect(found.map(({ civilStartTime }) => civilStartTime?.date.day)).toEqual(
      Array.from({ length: 11 }, (_, index) => 29 - index),
    )
    expect(found[0]).toMatchObject({ civilStartTime: { time: {} }, civilEndTime: { time: {} } })
  })

  test('may span several days, the last of them cut at the end', async () => {
    const answer = await health.post('steps/dataPoints:dailyRollUp', {
      range: { start: civil('2026-11-01'), end: civil('2026-11-11') },
      windowSizeDays: 7,
    })
    const { rollupDataPoints } = (await answer.json()) as Rollup
    const days = await truth('2026-11-01', '2026-11-10')
    const sum = (from: number, to: number) =>
      String(days.slice(from, to).reduce((total, { steps }) => total + (steps ?? 0), 0))
    expect(rollupDataPoints.map(({ steps }) => steps?.countSum)).toEqual([sum(7, 10), sum(0, 7)])
  })
})

test('physical rollups of an hour add up to the day', async () => {
  const range = { startTime: '2026-11-16T23:00:00Z', endTime: '2026-11-17T23:00:00Z' }
  const answer = await health.post('steps/dataPoints:rollUp', { range, windowSize: '3600s' })
  const { rollupDataPoints } = (await answer.json()) as Rollup
  const [day] = await truth('2026-11-17', '2026-11-17')
  const steps = rollupDataPoints.map((point) => Number(point.steps?.countSum))
  expect(steps.reduce((sum, value) => sum + value, 0)).toBe(day?.steps)
  expect(rollupDataPoints[0]).toMatchObject({
    startTime: '2026-11-17T22:00:00Z',
    endTime: '2026-11-17T23:00:00Z',
  })
})

describe('the points', () => {
  const day = (type: string, member: string) =>
    `${type}.${member} >= "2026-11-17" AND ${type}.${member} < "2026-11-18"`

  test('of steps count twice in the list, where the phone has its own, and once when reconciled', async () => {
    const filter = day('steps', 'interval.civil_start_time')
    const [{ steps } = { steps: 0 }] = await truth('2026-11-17', '2026-11-17')
    const sum = (page: Page) =>
      page.dataPoints.reduce((total, point) => total + Number(point.steps?.count ?? 0), 0)
    const listed = await health.page('steps/dataPoints', { filter, pageSize: '10000' })
    const reconciled = await health.page('steps/dataPoints:reconcile', { filter, pageSize: '10000' })
    expect(sum(reconciled)).toBe(steps)
    expect(sum(listed)).toBeGreaterThan(steps ?? 0)
    expect(new Set(listed.dataPoints.map(({ dataSource }) => dataSource?.platform))).toEqual(
      new Set(['FITBIT', 'HEALTH_CONNECT']),
    )
    expect(reconciled.dataPoints.some((point) => 'dataSource' in point)).toBe(false)
    const wearables = {
      filter,
      pageSize: '10000',
      dataSourceFamily: 'users/me/dataSourceFamilies/google-wearables',
    }
    expect(sum(await health.page('steps/dataPoints', wearables))).toBe(steps)
    const own = { filter, dataSourceFamily: 'users/me/dataSourceFamilies/self-sources' }
    expect((await health.page('steps/dataPoints', own)).dataPoints).toEqual([])
  })

  test('of steps are there for every minute that was worn, without a count where there was none', async () => {
    const [from, until] = ['2026-11-16T23:00:00Z', '2026-11-17T23:00:00Z']
    const filter = `steps.interval.start_time >= "${from}" AND steps.interval.start_time < "${until}"`
    const wearables = 'users/me/dataSourceFamilies/google-wearables'
    const { dataPoints } = await health.page('steps/dataPoints', { filter, dataSourceFamily: wearables })
    const rates = await health.page('heart-rate/dataPoints', {
      filter: filter.replaceAll('steps.interval.start_time', 'heart_rate.sample_time.physical_time'),
    })
    expect(dataPoints).toHaveLength(rates.dataPoints.length)
    const still = dataPoints.filter(({ steps }) => steps?.count === undefined)
    expect(still.length).toBeGreaterThan(500)
    expect(Object.keys(still[0]?.steps ?? {})).toEqual(['interval'])
    expect(dataPoints.some(({ steps }) => steps?.count === '0')).toBe(false)
  })

  test('of heart rate come once a minute, the newest first, with the time by both clocks', async () => {
    const filter =
      'heart_rate.sample_time.physical_time >= "2026-11-16T23:00:00Z" AND heart_rate.sample_time.physical_time < "2026-11-17T23:00:00Z"'
    const { dataPoints } = await health.page('heart-rate/dataPoints', { filter })
    const [expected] = await truth('2026-11-17', '2026-11-17')
    const rates = dataPoints.map(({ heartRate }) => Number(heartRate?.beatsPerMinute))
    expect([Math.min(...rates), Math.max(...rates)]).toEqual([expected?.heartRateMin, expected?.heartRateMax])
    const times = dataPoints.map(({ heartRate }) => heartRate?.sampleTime.physicalTime ?? '')
    expect(times).toEqual([...times].sort().reverse())
    expect(
      dataPoints.find(({ heartRate }) => heartRate?.sampleTime.physicalTime === '2026-11-17T06:05:00Z'),
    ).toMatchObject({
      dataSource: { platform: 'FITBIT', device: { displayName: 'Charge 6' } },
      heartRate: {
        beatsPerMinute: expect.stringMatching(/^\d+$/),
        sampleTime: {
          utcOffset: '3600s',
          civilTime: { date: { year: 2026, month: 11, day: 17 }, time: { hours: 7, minutes: 5 } },
        },
      },
    })
  })

  test('of heart rate can be as dense as in reality', async () => {
    const dense = await startTestLab('2026-11-20T12:00:00Z', {
      options: { 'google-health': { heartRateSeconds: 2 } },
    })
    const filter = day('heart_rate', 'sample_time.civil_time')
    const { dataPoints, nextPageToken } = await (
      await client(dense)
    ).page('heart-rate/dataPoints', {
      filter,
      pageSize: '20000',
    })
    expect(dataPoints).toHaveLength(10_000)
    expect(nextPageToken).not.toBe('')
    await dense.close()
  })

  test.each(['distance', 'active-energy-burned', 'active-minutes', 'active-zone-minutes', 'floors'])(
    'of %s can be reconciled',
    async (type) => {
      const filter = day(type.replaceAll('-', '_'), 'interval.civil_start_time')
      const { dataPoints } = await health.page(`${type}/dataPoints:reconcile`, { filter })
      expect(dataPoints.length).toBeGreaterThan(0)
    },
  )

  test('come in pages that are together the whole, and a token serves for its own request only', async () => {
    const filter = day('heart_rate', 'sample_time.civil_time')
    const whole = await health.page('heart-rate/dataPoints', { filter })
    const pages = await health.pages('heart-rate/dataPoints', { filter, pageSize: '500' })
    expect(pages.length).toBe(Math.ceil(whole.dataPoints.length / 500))
    expect(pages.flatMap(({ dataPoints }) => dataPoints)).toEqual(whole.dataPoints)
    const { nextPageToken } = await health.page('heart-rate/dataPoints', { filter, pageSize: '500' })
    const other = await health.get('heart-rate/dataPoints', { pageToken: nextPageToken })
    expect(other.status).toBe(400)
  })

  test('of the days are the true ones, by date', async () => {
    const filterOf = (type: string) => `${type}.date >= "2026-09-01" AND ${type}.date < "2026-11-20"`
    const valuesOf = async (type: string, read: (point: Page['dataPoints'][number]) => unknown) => {
      const filter = filterOf(type.replaceAll('-', '_'))
      const { dataPoints } = await health.page(`${type}/dataPoints`, { filter })
      return new Map(dataPoints.map((point) => [dateOf(point[camel(type)]?.date), read(point)]))
    }
    const camel = (type: string) => type.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    const resting = await valuesOf('daily-resting-heart-rate', (p) => p.dailyRestingHeartRate?.beatsPerMinute)
    const hrv = await valuesOf(
      'daily-heart-rate-variability',
      (p) => p.dailyHeartRateVariability?.averageHeartRateVariabilityMilliseconds,
    )
    const spo2 = await valuesOf('daily-oxygen-saturation', (p) => p.dailyOxygenSaturation?.averagePercentage)
    const breathing = await valuesOf(
      'daily-respiratory-rate',
      (p) => p.dailyRespiratoryRate?.breathsPerMinute,
    )
    const fitness = await valuesOf('daily-vo2-max', (p) => p.dailyVo2Max?.vo2Max)
    for (const expected of await truth('2026-09-01', '2026-11-19')) {
      const { date } = expected
      const { restingHeartRate } = expected
      expect(resting.get(date) ?? null).toBe(restingHeartRate === null ? null : String(restingHeartRate))
      expect(hrv.get(date) ?? null).toBe(expected.hrv)
      expect(spo2.get(date) ?? null).toBe(expected.spo2)
      expect(breathing.get(date) ?? null).toBe(expected.breathingRate)
      expect(fitness.get(date) ?? null).toBe(expected.vo2Max)
    }
  })

  test('of weight are in grams and have names', async () => {
    const filter =
      'weight.sample_time.civil_time >= "2026-10-01" AND weight.sample_time.civil_time < "2026-11-01"'
    const { dataPoints } = await health.page('weight/dataPoints', { filter })
    const days = (await truth('2026-10-01', '2026-10-31')).filter(({ weight }) => weight !== null).reverse()
    expect(dataPoints.map((point) => (point.weight?.weightGrams ?? 0) / 1000)).toEqual(
      days.map(({ weight }) => weight),
    )
    expect(dataPoints[0]?.name).toMatch(/^users\/\d+\/dataTypes\/weight\/dataPoints\/[\w-]+$/)
  })

  test('of exercise are the walks and runs, at most 25 a page', async () => {
    const filter =
      'exercise.interval.civil_start_time >= "2026-06-01" AND exercise.interval.civil_start_time < "2026-11-01"'
    const pages = await health.pages('exercise/dataPoints', { filter, pageSize: '1000' })
    expect(pages[0]?.dataPoints).toHaveLength(25)
    const days = await truth('2026-06-01', '2026-10-31')
    const points = pages.flatMap(({ dataPoints }) => dataPoints)
    expect(points).toHaveLength(days.reduce((sum, { workouts }) => sum + workouts, 0))
    expect(points[0]).toMatchObject({
      exercise: {
        exerciseType: expect.stringMatching(/^(RUNNING|WALKING)$/),
        activeDuration: expect.stringMatching(/^\d+s$/),
        metricsSummary: { steps: expect.stringMatching(/^\d+$/) },
      },
    })
  })
})
