import { expect, test } from 'vitest'
import { mapPages } from '../testing/map-pages.ts'
import { googleHealth } from './google-health.ts'

const { streams } = googleHealth.plugin

const minuteOf = (member: string, fields: object) => ({
  [member]: { interval: { startTime: '2026-11-17T06:05:00Z', endTime: '2026-11-17T06:06:00Z' }, ...fields },
})

test('heart rates name their device, and each is read as soon as its page is there', async () => {
  const point = {
    dataSource: {
      platform: 'FITBIT',
      device: { displayName: 'Charge 6' },
      recordingMethod: 'PASSIVELY_MEASURED',
    },
    heartRate: { sampleTime: { physicalTime: '2026-11-17T06:05:02Z' }, beatsPerMinute: '61' },
  }
  expect(await mapPages(streams['heartIntraday'], [{ dataPoints: [point] }])).toEqual([
    { field: 'heartRate', start: Date.parse('2026-11-17T06:05:02Z'), value: 61, origin: 'FITBIT Charge 6' },
  ])
})

test.each([
  ['stepsIntraday', 'steps', { count: '12' }, 12],
  ['stepsIntraday', 'steps', { count: 12 }, 12],
  ['stepsIntraday', 'steps', {}, 0],
  ['distanceIntraday', 'distance', { millimeters: '9144' }, 9.144],
  ['distanceIntraday', 'distance', {}, 0],
  ['activeCaloriesIntraday', 'activeEnergyBurned', { kcal: 0.79 }, 0.79],
])('of %s, a minute of %s with %j is %d', async (id, member, fields, value) => {
  expect(await mapPages(streams[id], [{ dataPoints: [minuteOf(member, fields)] }])).toEqual([
    {
      field: id,
      start: Date.parse('2026-11-17T06:05:00Z'),
      end: Date.parse('2026-11-17T06:06:00Z'),
      value,
      origin: '',
    },
  ])
})

test.each([
  [{ platform: 'FITBIT', device: { displayName: 'Charge 6' } }, 'FITBIT Charge 6'],
  [
    { platform: 'HEALTH_CONNECT', application: { packageName: 'com.a' }, device: { manufacturer: 'B' } },
    'HEALTH_CONNECT com.a B',
  ],
  [{ platform: 'FITBIT_WEB_API', application: { webClientId: 'ABC123' } }, 'FITBIT_WEB_API ABC123'],
  [{ platform: 'GOOGLE_WEB_API', application: { googleWebClientId: '5' } }, 'GOOGLE_WEB_API 5'],
  [{ recordingMethod: 'MANUAL' }, ''],
])('what comes from %j is of "%s"', async (dataSource, origin) => {
  const point = { dataSource, ...minuteOf('steps', { count: '1' }) }
  expect(await mapPages(streams['stepsIntraday'], [{ dataPoints: [point] }])).toMatchObject([{ origin }])
})
