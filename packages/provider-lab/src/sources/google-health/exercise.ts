import type { TrueMinutes } from '../../person/live-day.ts'
import { zoneMinutes } from '../../person/day-totals.ts'
import { uploadOf } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { round } from '../../person/vitals.ts'
import { workoutsOf } from '../../person/workouts.ts'
import type { Workout } from '../../person/workouts.ts'
import { instant } from './civil.ts'
import { sessionInterval } from './record.ts'
import type { PointRecord } from './record.ts'

const TYPES = {
  run: { exerciseType: 'RUNNING', displayName: 'Run' },
  walk: { exerciseType: 'WALKING', displayName: 'Walk' },
} as const

/** The walks and runs of a day, first to last. */
export function exercisePoints(uploaded: Uploaded, day: TrueMinutes): PointRecord[] {
  return workoutsOf(day).map((workout) => {
    const { zone } = uploaded.person
    const [start, end] = [workout.start * 60, workout.end * 60]
    const known = instant(uploadOf(workout.end, zone) * 60)
    return {
      start,
      end,
      id: String(workout.start * 1000 + 7),
      origin: 'measured',
      value: () => ({
        interval: sessionInterval(start, end, zone),
        ...TYPES[workout.kind],
        activeDuration: `${end - start}s`,
        metricsSummary: metrics(uploaded, workout),
        createTime: known,
        updateTime: known,
      }),
    }
  })
}

function metrics(uploaded: Uploaded, { start, end }: Workout): Record<string, unknown> {
  const totals = uploaded.totalsBetween(start, end)
  const { heart, zones, metres } = totals
  const [light, moderate, vigorous, peak] = zones.map(({ minutes }) => `${minutes * 60}s`)
  return {
    steps: String(totals.steps),
    distanceMillimeters: Math.round(metres * 1000),
    caloriesKcal: round(totals.kilocalories, 3),
    averageHeartRateBeatsPerMinute: String(Math.round(heart.sum / heart.minutes)),
    averagePaceSecondsPerMeter: round(((end - start) * 60) / metres, 4),
    activeZoneMinutes: String(zoneMinutes(totals).total),
    heartRateZoneDurations: {
      lightTime: light,
      moderateTime: moderate,
      vigorousTime: vigorous,
      peakTime: peak,
    },
  }
}
