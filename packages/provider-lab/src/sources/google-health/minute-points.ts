import { STATE } from '../../person/live-day.ts'
import type { TrueMinutes } from '../../person/live-day.ts'
import { BASAL_KCAL, exertion, heartZone, kilocalories, metres } from '../../person/minute-effort.ts'
import { round } from '../../person/vitals.ts'
import { interval, sampleTime } from './record.ts'
import type { Origin, PointRecord } from './record.ts'

/** From here on the phone in the pocket counts along. Steps per minute. */
const NOTICED_BY_PHONE = 80
const LEVELS = { light: 'LIGHT', fair: 'MODERATE', very: 'VIGOROUS' } as const
const ZONES = ['', 'FAT_BURN', 'CARDIO', 'PEAK'] as const

type Fields = Readonly<Record<string, unknown>> | undefined

/** What one minute's point says; undefined for a minute without one. */
const MINUTES: Record<string, (day: TrueMinutes, index: number) => Fields> = {
  steps: (day, index) => whenWorn(day, index, 'count', day.steps[index]),
  distance: (day, index) =>
    whenWorn(day, index, 'millimeters', Math.round(metres(day.steps[index] ?? 0) * 1000)),
  floors: (day, index) => whenWorn(day, index, 'count', day.floors[index]),
  'active-energy-burned'({ state, steps, heart }, index) {
    if (state[index] === STATE.notWorn) return undefined
    const kcal = round(kilocalories(steps[index] ?? 0, heart[index] ?? 0) - BASAL_KCAL, 6)
    return kcal > 0 ? { kcal } : undefined
  },
  'active-minutes'({ state, steps, heart }, index) {
    const effort = exertion(steps[index] ?? 0, heart[index] ?? 0)
    if (state[index] !== STATE.up || effort === 'sedentary') return undefined
    return { activeMinutesByActivityLevel: [{ activityLevel: LEVELS[effort], activeMinutes: '1' }] }
  },
  'active-zone-minutes'({ heart }, index) {
    const zone = heartZone(heart[index] ?? 0)
    return zone === 0 ? undefined : { heartRateZone: ZONES[zone], activeZoneMinutes: zone > 1 ? '2' : '1' }
  },
}

/** A minute in which the tracker was worn and counted nothing has a point without its number: a true zero. */
function whenWorn({ state }: TrueMinutes, index: number, name: string, count = 0): Fields {
  if (state[index] === STATE.notWorn) return undefined
  return count > 0 ? { [name]: String(count) } : {}
}

/** The points of an interval type through one day, of every source that recorded them. */
export function intervalPoints(id: string, day: TrueMinutes, zone: string): PointRecord[] {
  const read = MINUTES[id]
  const points: PointRecord[] = []
  for (let index = 0; read && index < day.steps.length; index++) {
    const fields = read(day, index)
    if (!fields) continue
    const start = (day.start + index) * 60
    const point = (origin: Origin): PointRecord => ({
      start,
      end: start + 60,
      origin,
      value: () => ({ interval: interval(start, start + 60, zone), ...fields }),
    })
    points.push(point('measured'))
    const counted = (id === 'steps' || id === 'distance') && (day.steps[index] ?? 0) >= NOTICED_BY_PHONE
    if (counted) points.push(point('phone'))
  }
  return points
}

/** One point every so many seconds where there was a pulse; those of a minute are alike. */
export function heartRatePoints(day: TrueMinutes, every: number, zone: string): PointRecord[] {
  const points: PointRecord[] = []
  for (let second = 0; second < day.heart.length * 60; second += every) {
    const rate = day.heart[Math.floor(second / 60)]
    if (!rate) continue
    const start = day.start * 60 + second
    points.push({
      start,
      origin: 'measured',
      value: () => ({ sampleTime: sampleTime(start, zone), beatsPerMinute: String(rate) }),
    })
  }
  return points
}
