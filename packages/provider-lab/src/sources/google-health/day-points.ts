import { localDay } from '../../person/local-day.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { vo2Max } from '../../person/vitals.ts'
import type { SourceOptions } from '../../source.ts'
import { civilDate } from './civil.ts'
import type { DataType } from './data-types.ts'
import { exercisePoints } from './exercise.ts'
import { heartRatePoints, intervalPoints } from './minute-points.ts'
import { sampleTime } from './record.ts'
import type { PointRecord } from './record.ts'
import { sleepPoints } from './sleep.ts'

/** All points of a type that belong to one of the person's days, the newest first. */
export function pointsOfDay(
  { id, kind }: DataType,
  uploaded: Uploaded,
  date: string,
  options: SourceOptions,
): PointRecord[] {
  const { zone } = uploaded.person
  if (kind === 'daily') return dailyPoint(id, uploaded, date)
  if (id === 'sleep') return sleepPoints(uploaded, date, options).reverse()
  if (id === 'weight' || id === 'body-fat') return bodyPoint(id, uploaded, date)
  const day = uploaded.minutes(date)
  if (!day) return []
  if (id === 'exercise') return exercisePoints(uploaded, day).reverse()
  const points =
    id === 'heart-rate'
      ? heartRatePoints(day, options.heartRateSeconds ?? 60, zone)
      : intervalPoints(id, day, zone)
  return points.reverse()
}

function bodyPoint(id: string, uploaded: Uploaded, date: string): PointRecord[] {
  const weighIn = uploaded.weighIn(date)
  if (!weighIn) return []
  const start = weighIn.minute * 60
  const measure =
    id === 'weight' ? { weightGrams: Math.round(weighIn.weight * 1000) } : { percentage: weighIn.fat }
  return [
    {
      start,
      id: `${id === 'weight' ? 'w' : 'f'}-${weighIn.minute}`,
      origin: 'scale',
      value: () => ({ sampleTime: sampleTime(start, uploaded.person.zone), ...measure }),
    },
  ]
}

function dailyPoint(id: string, uploaded: Uploaded, date: string): PointRecord[] {
  const fields = dailyFields(id, uploaded, date)
  if (!fields) return []
  const start = localDay(date, uploaded.person.zone).start * 60
  return [{ start, date, origin: 'derived', value: () => ({ date: civilDate(date), ...fields }) }]
}

function dailyFields(id: string, uploaded: Uploaded, date: string): Record<string, unknown> | undefined {
  const resting = uploaded.restingHeartRate(date)
  if (id === 'daily-resting-heart-rate') {
    const dailyRestingHeartRateMetadata = { calculationMethod: 'WITH_SLEEP' }
    return resting === undefined
      ? undefined
      : { beatsPerMinute: String(resting), dailyRestingHeartRateMetadata }
  }
  if (id === 'daily-vo2-max') return resting === undefined ? undefined : { vo2Max: vo2Max(date) }
  if (!uploaded.night(date)) return undefined
  const { hrv, hrvDeep, spo2, breathingRate } = uploaded.person.vitals(date)
  switch (id) {
    case 'daily-heart-rate-variability':
      return {
        averageHeartRateVariabilityMilliseconds: hrv,
        deepSleepRootMeanSquareOfSuccessiveDifferencesMilliseconds: hrvDeep,
      }
    case 'daily-oxygen-saturation':
      return {
        averagePercentage: spo2.avg,
        lowerBoundPercentage: spo2.min,
        upperBoundPercentage: spo2.max,
      }
    default:
      return { breathsPerMinute: breathingRate }
  }
}
