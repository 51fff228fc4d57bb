import { planCoding } from './coding.ts'
import type { CodingBlock } from './coding.ts'
import { liveDay, STATE } from './live-day.ts'
import type { TrueMinutes } from './live-day.ts'
import { addDays, localDay, minuteAt } from './local-day.ts'
import type { LocalDay } from './local-day.ts'
import { planNap, planNight } from './night.ts'
import type { Sleep } from './night.ts'
import { seededRandom } from './random.ts'
import { bodyOn, nightVitals, restingHeartRate } from './vitals.ts'
import type { NightVitals } from './vitals.ts'

/** The first day of which anything is known. */
export const FIRST_DAY = '2022-01-01'

export interface WeighIn {
  /** Minutes from the epoch. */
  readonly minute: number
  readonly weight: number
  readonly fat: number
}

/**
 * The one person of whom all simulated providers tell, from `FIRST_DAY` on and without an end.
 *
 * Dates are days of the person's own zone. Everything is a function of the seed and the date; what was made is kept.
 */
export interface Person {
  readonly zone: string
  /** In centimetres. */
  readonly height: number
  readonly born: string
  readonly name: string
  /** Whether the device was on the wrist that day: about one day in sixty it lay in a drawer. */
  wears(date: string): boolean
  /** The main sleep that ends on that day. */
  night(date: string): Sleep | undefined
  nap(date: string): Sleep | undefined
  vitals(date: string): NightVitals
  restingHeartRate(date: string): number | undefined
  weighIn(date: string): WeighIn | undefined
  minutes(date: string): TrueMinutes
  /** What was programmed that day, first to last; nothing on many a day. The device has no part in it. */
  coding(date: string): readonly CodingBlock[]
}

export function createPerson(seed = 'tributary', zone = 'Europe/Berlin'): Person {
  const wears = (date: string) => date >= FIRST_DAY && !seededRandom(seed, 'drawer', date).chance(1 / 60)

  const night = remember((date) =>
    wears(date) ? planNight(seed, date, zone, wears(addDays(date, -1))) : undefined,
  )
  const nap = (date: string) => (wears(date) ? planNap(seed, date, zone) : undefined)

  const minutes = remember((date): TrueMinutes => {
    const day = localDay(date, zone)
    if (!wears(date)) return idleDay(day)
    const sleeps = [night(date), nap(date), night(addDays(date, 1))].filter((sleep) => sleep !== undefined)
    return liveDay({
      day,
      sleeps,
      freeDay: Temporal.PlainDate.from(date).dayOfWeek >= 6,
      restingHeartRate: restingHeartRate(seed, date),
      random: seededRandom(seed, 'day', date),
    })
  })

  return {
    zone,
    height: 180,
    born: '1988-03-14',
    name: 'Robin Sample',
    wears,
    night,
    nap,
    vitals: (date) => nightVitals(seed, date),
    restingHeartRate: (date) => (wears(date) ? restingHeartRate(seed, date) : undefined),
    weighIn(date) {
      const random = seededRandom(seed, 'scale', date)
      if (date < FIRST_DAY || !random.chance(0.45)) return undefined
      const upAt = night(date)?.end ?? minuteAt(date, 7 * 60, zone)
      return { minute: upAt + random.integer(8, 25), ...bodyOn(seed, date) }
    },
    minutes,
    coding: (date) => (date < FIRST_DAY ? [] : planCoding(seed, date, zone)),
  }
}

/** A day on which the device lay in a drawer. */
export function idleDay(day: LocalDay): TrueMinutes {
  const empty = () => new Uint8Array(day.end - day.start)
  return { ...day, state: empty().fill(STATE.notWorn), steps: empty(), heart: empty(), floors: empty() }
}

function remember<T>(make: (date: string) => T): (date: string) => T {
  const made = new Map<string, T>()
  return (date) => {
    if (made.has(date)) return made.get(date)!
    const value = make(date)
    if (made.size >= 4000) made.clear()
    made.set(date, value)
    return value
  }
}
