import { expect, test } from 'vitest'
import { fitbit } from './fitbit/fitbit.ts'
import { googleFit } from './google-fit/google-fit.ts'
import { googleHealth } from './google-health/google-health.ts'
import { mapPages } from './testing/map-pages.ts'

/** Weighings of 4 November 2026 in kilograms, in their order, as each source tells them. */
const sources: Record<string, (kilograms: number[]) => Promise<unknown[]>> = {
  'google-health': (kilograms) =>
    mapPages(googleHealth.plugin.streams['body'], [
      {
        dataPoints: kilograms.map((value, hour) => ({
          weight: {
            sampleTime: { physicalTime: `2026-11-04T0${hour + 5}:00:00Z`, utcOffset: '3600s' },
            weightGrams: value * 1000,
          },
        })),
      },
    ]),
  fitbit: (kilograms) =>
    mapPages(fitbit.plugin.streams['weight'], [
      {
        weight: kilograms.map((weight, hour) => ({ date: '2026-11-04', time: `0${hour + 6}:00:00`, weight })),
      },
    ]),
}

test.each(Object.keys(sources))('the last plausible weighing of a day counts (%s)', async (source) => {
  const read = async (...kilograms: number[]) => (await sources[source]!(kilograms)).map(weightOf)
  expect(await read(70.5, 71.5)).toEqual([71.5])
  expect(await read(70.5, 0)).toEqual([70.5])
  expect(await read(70.5, 71.5, 7150)).toEqual([71.5])
  expect(await read(0, 70.5)).toEqual([70.5])
  // To be rejected with its reason.
  expect(await read(0.1, 0)).toEqual([0])
})

test('an average over an implausible weighing does not count (google-fit)', async () => {
  const read = async (average: number, max: number, min: number) => {
    const point = {
      dataTypeName: 'com.google.weight.summary',
      value: [average, max, min].map((fpVal) => ({ fpVal })),
    }
    const bucket = [
      { startTimeMillis: String(Date.parse('2026-11-03T23:00Z')), dataset: [{ point: [point] }] },
    ]
    return (await mapPages(googleFit.plugin.streams['weight'], [{ bucket }])).map(weightOf)
  }
  expect(await read(71, 71.5, 70.5)).toEqual([71])
  expect(await read(35.25, 70.5, 0)).toEqual([70.5])
  expect(await read(3610.25, 7150, 70.5)).toEqual([70.5])
  expect(await read(0, 0, 0)).toEqual([0])
  expect(await read(500, 1000, 0)).toEqual([0])
})

const weightOf = (record: unknown) => (record as { fields: { weight?: number } }).fields.weight
