import { readdir, readFile } from 'node:fs/promises'
import type { MappedRecord, Stream } from '@tributary/plugin-sdk'
import { afterAll, expect, test } from 'vitest'
import { describeShared } from '../../../tests/harness/shared-folder.ts'
import { fitbit } from './fitbit/fitbit.ts'
import { googleFit } from './google-fit/google-fit.ts'
import { googleHealth } from './google-health/google-health.ts'
import { mapPages } from './testing/map-pages.ts'
import { wakatime } from './wakatime.ts'

interface Expected {
  stream: Stream | undefined
  zone?: string
  records: number
  /** Some of the records. */
  some: MappedRecord[]
}

const {
  activity,
  zoneMinutes,
  heart,
  sleep,
  weight,
  hrv,
  spo2,
  breathingRate,
  heartIntraday,
  stepsIntraday,
} = fitbit.plugin.streams
const fit = googleFit.plugin.streams
const health = googleHealth.plugin.streams
const at = (time: string) => Date.parse(time)
const day = (date: string, fields: Record<string, number>) => ({ date, fields })

const mapped: Record<string, Expected> = {
  'fitbit/fitbitnet--ActiveZoneMinutes.json': {
    stream: zoneMinutes,
    records: 4,
    some: [day('2025-03-26', { zoneMinutes: 10 }), day('2025-03-29', { zoneMinutes: 14 })],
  },
  'fitbit/fitbitnet--GetBreathingRateSummaryByDate.json': {
    stream: breathingRate,
    records: 1,
    some: [day('2021-10-25', { breathingRate: 17.8 })],
  },
  'fitbit/fitbitnet--GetHRVSummaryByDate.json': {
    stream: hrv,
    records: 1,
    some: [day('2021-10-25', { hrv: 34.938 })],
  },
  'fitbit/fitbitnet--GetHRVSummaryByInterval.json': {
    stream: hrv,
    records: 3,
    some: [day('2021-10-25', { hrv: 62.887 }), day('2021-10-27', { hrv: 60.887 })],
  },
  'fitbit/fitbitnet--GetHeartRateIntradayTimeSeries.json': {
    stream: heartIntraday,
    records: 1157,
    some: [
      { field: 'heartRate', start: at('2017-06-29T00:00:00+02:00'), value: 58 },
      { field: 'heartRate', start: at('2017-06-29T20:00:00+02:00'), value: 62 },
    ],
  },
  'fitbit/fitbitnet--GetHeartRateIntradayTimeSeries1.1.json': {
    stream: heartIntraday,
    records: 96,
    some: [{ field: 'heartRate', start: at('2017-08-21T23:45:00+02:00'), value: 47 }],
  },
  'fitbit/fitbitnet--GetSleep.json': {
    stream: sleep,
    records: 1,
    some: [
      day('2017-04-02', {
        sleepLength: 30_000,
        bedTime: -1440,
        wakeUpTime: -960,
        sleepDeep: 99 * 60,
        sleepLight: 296 * 60,
        sleepRem: 105 * 60,
        sleepAwake: 86 * 60,
      }),
    ],
  },
  'fitbit/fitbitnet--GetSpO2SummaryByInterval.json': {
    stream: spo2,
    records: 4,
    some: [day('2021-10-01', { spo2: 94.7 }), day('2021-10-04', { spo2: 96.7 })],
  },
  'fitbit/fitbitnet--GetWeight.json': {
    stream: weight,
    records: 1,
    some: [day('2012-03-05', { weight: 73 })],
  },
  'fitbit/fitbitnet--IntradayActivitiesSteps.json': {
    stream: stepsIntraday,
    records: 123,
    some: [
      {
        field: 'stepsIntraday',
        start: at('2016-03-08T00:01:00+01:00'),
        end: at('2016-03-08T00:02:00+01:00'),
        value: 2,
      },
    ],
  },
  'fitbit/fitbitnet--TimeSeries-ActivitiesDistance.json': {
    stream: activity,
    records: 8,
    some: [day('2014-08-12', { distance: 1 }), day('2014-08-19', { distance: 128 })],
  },
  'fitbit/fitbitnet--TimeSeries-ActivitiesSteps.json': {
    stream: activity,
    records: 6,
    some: [day('2014-09-04', { steps: 7428 }), day('2014-09-10', { steps: 7026 })],
  },
  'fitbit/shimmer--fitbit-activities-heart-1d-1m-intraday.json': {
    stream: heartIntraday,
    zone: 'America/New_York',
    records: 5,
    some: [{ field: 'heartRate', start: at('2015-08-21T00:01:00-04:00'), value: 64 }],
  },
  'fitbit/shimmer--fitbit-activities-steps-timeseries.json': {
    stream: activity,
    records: 2,
    some: [day('2015-08-23', { steps: 175 }), day('2015-08-24', { steps: 2937 })],
  },
  'fitbit/shimmer--fitbit-body-log-weight.json': {
    stream: weight,
    records: 4,
    some: [day('2015-05-13', { weight: 56.7 }), day('2015-05-24', { weight: 57.2 })],
  },
  'fitbit/shimmer--fitbit-sleep-date-range-empty-sleep-list.json': { stream: sleep, records: 0, some: [] },
  'fitbit/shimmer--fitbit-sleep-date-range.json': {
    stream: sleep,
    records: 1,
    some: [day('2016-12-13', { sleepLength: 112 * 60, bedTime: 76, wakeUpTime: 194 })],
  },
  'googlefit/shimmer--googlefit-empty.json': { stream: fit['stepsIntraday'], records: 0, some: [] },
  'googlefit/shimmer--googlefit-merge-step-deltas.json': {
    stream: fit['stepsIntraday'],
    records: 4,
    some: [
      {
        field: 'stepsIntraday',
        start: 1_422_917_379_811,
        end: 1_422_919_520_811,
        value: 4146,
        origin: 'derived:com.google.step_count.delta:com.nike.plusgps:',
      },
      {
        field: 'stepsIntraday',
        start: 1_436_565_921_162,
        end: 1_436_566_038_006,
        value: 184,
        origin: 'raw:com.google.step_count.delta:com.google.android.apps.fitness:user_input',
      },
    ],
  },
  'googlehealth/ha--daily_resting_heart_rate.list.json': {
    stream: health['vitals'],
    records: 1,
    some: [day('2026-06-29', { restingHeartRate: 65 })],
  },
  'googlehealth/ha--distance.dailyRollUp.json': {
    stream: health['activity'],
    records: 1,
    some: [day('2026-06-28', { distance: 5 })],
  },
  'googlehealth/ha--sleep.list.json': {
    stream: health['sleep'],
    records: 1,
    some: [day('2026-06-29', { sleepLength: 420 * 60, bedTime: 900, wakeUpTime: 1380 })],
  },
  'googlehealth/ha--steps.dailyRollUp.json': {
    stream: health['activity'],
    records: 1,
    some: [day('2026-06-28', { steps: 10_500 })],
  },
  'googlehealth/ha--total_calories.dailyRollUp.json': {
    stream: health['energy'],
    records: 1,
    some: [day('2026-06-28', { calories: 2100.2 })],
  },
  'made/googlefit--dataset-aggregate-steps-daily.json': {
    stream: fit['activity'],
    records: 2,
    some: [day('2025-11-18', { steps: 8421 }), day('2025-11-19', {})],
  },
  'made/googlefit--sessions-sleep.json': {
    stream: fit['sleep'],
    records: 1,
    some: [day('2025-11-18', { sleepLength: 27_210, bedTime: -29, wakeUpTime: 425 })],
  },
  'made/googlehealth--sleep.reconcile.json': {
    stream: health['sleep'],
    records: 1,
    some: [
      day('2026-11-18', {
        sleepLength: 401 * 60,
        bedTime: -29,
        wakeUpTime: 425,
        sleepAwake: 52 * 60,
        sleepLight: 240 * 60,
        sleepDeep: 74 * 60,
        sleepRem: 87 * 60,
      }),
    ],
  },
  'made/googlehealth--steps.dailyRollUp.json': {
    stream: health['activity'],
    records: 2,
    some: [day('2026-11-18', { steps: 8421 }), day('2026-11-17', { steps: 0 })],
  },
  'made/wakatime--summaries.json': {
    stream: wakatime.plugin.streams['summaries'],
    records: 1,
    some: [day('2026-11-18', { codingTime: 9264.12 })],
  },
}

const reasons: [RegExp, string][] = [
  [/ApiError/, 'an error and no data'],
  [/AccessToken/, 'the token answer, which the core reads'],
  [/Notification|webhook/, 'a notification'],
  [
    /Goal|ActivitiesStats|UserProfile|paired_devices|GetDevices|LogWater|BloodPressure/,
    'an endpoint that is not asked',
  ],
  [/GetActivities|LogsList|activities-date|openwearables/, 'activity logs and day summaries are not asked'],
  [/GetBodyMeasurements|GetFat/, 'weight is asked, fat and measurements are not'],
  [/(BreathingRate|HRV|SpO2)Intraday/, 'the vitals of a night are asked as a day’s summary'],
  [/CardioScore/, 'VO₂ max is not asked'],
  [/SpO2SummaryByDate/, 'a single date, whose answer is no list; ranges are asked'],
  [/googlefit-merge-(weight|calories)/, 'asked as daily aggregates, not point by point'],
  [/googlefit-merge-(activity|height|location)/, 'a data type that is not asked'],
  [/^made\/(csv|github|rescuetime|toggl)/, 'of another source'],
]

describeShared('fixtures', 'real and sample answers', async (folder) => {
  const files = await listFiles(folder, ['fitbit', 'googlefit', 'googlehealth', 'made'])
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(`${folder}/${file}`, 'utf8'))

  test.each(Object.entries(mapped))('%s maps', async (file, { stream, zone, records, some }) => {
    const found = await mapPages(stream, [await read(file)], zone ? { zone } : {})
    expect(found).toHaveLength(records)
    for (const record of some) expect(found.map(withoutNothing)).toContainEqual(record)
  })

  test('the daily records of an intraday answer map too', async () => {
    const page = await read('fitbit/fitbitnet--GetHeartRateIntradayTimeSeries.json')
    expect(await mapPages(heart, [page])).toEqual([
      day('2017-06-29', { restingHeartRate: 59, cardioLoad: 35 }),
    ])
  })

  test.each(files.filter((file) => file.includes('ApiError')))('%s is off every schema', async (file) => {
    const error = await read(file)
    for (const stream of Object.values(fitbit.plugin.streams))
      await expect(mapPages(stream, [error])).rejects.toThrow('off the schema')
  })

  test('every file maps, or there is a reason why not', () => {
    const others = files.filter((file) => !(file in mapped))
    expect(others.filter((file) => !reasonOf(file))).toEqual([])
    expect(Object.keys(mapped).filter((file) => !files.includes(file))).toEqual([])
  })

  afterAll(() => {
    const others = files.filter((file) => !(file in mapped)).map((file) => `  ${file}: ${reasonOf(file)}`)
    const count = `${Object.keys(mapped).length} of ${files.length} answers map; the others:`
    console.log([count, ...others].join('\n'))
  })
})

async function listFiles(root: string, folders: string[]): Promise<string[]> {
  const lists = await Promise.all(
    folders.map(async (name) => (await readdir(`${root}/${name}`)).map((file) => `${name}/${file}`)),
  )
  return lists.flat().sort()
}

function reasonOf(file: string): string | undefined {
  return reasons.find(([pattern]) => pattern.test(file))?.[1]
}

function withoutNothing(record: unknown): MappedRecord {
  return JSON.parse(JSON.stringify(record)) as MappedRecord
}
