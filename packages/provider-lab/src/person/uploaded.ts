import { addMinutes, noTotals } from './day-totals.ts'
import type { DayTotals } from './day-totals.ts'
import type { TrueMinutes } from './live-day.ts'
import { addDays, dateOf, eachDate, localDay, minuteAt } from './local-day.ts'
import type { Sleep } from './night.ts'
import { FIRST_DAY } from './person.ts'
import type { Person, WeighIn } from './person.ts'

/** The hour at which the device uploads each day, by the person's wall clock. */
const UPLOAD_HOUR = 9

/**
 * What providers can know at a moment: all that happened before the device's last upload, and nothing later.
 *
 * Dates are days of the person's zone unless a zone is named.
 */
export interface Uploaded {
  readonly person: Person
  /** The moment itself, in milliseconds: for what needs no device that uploads. */
  readonly now: number
  /** The minute of the last upload. */
  readonly until: number
  /** Today, by the person's wall clock. */
  readonly today: string
  /** Sums over the part of the day that was uploaded. */
  totals(date: string, zone?: string): DayTotals
  /** Sums over the minutes from one up to, not including, the other; both counted from the epoch. */
  totalsBetween(from: number, to: number): DayTotals
  /** The same minutes themselves, in order, in pieces of the person's own days. */
  slices(from: number, to: number): Slice[]
  /** The main sleep that ended on that day. Where another zone's day holds two, the longer. */
  night(date: string, zone?: string): Sleep | undefined
  /** All sleeps that ended on that day, first to last. */
  sleeps(date: string): Sleep[]
  restingHeartRate(date: string): number | undefined
  /** The day's last. */
  weighIn(date: string, zone?: string): WeighIn | undefined
  /** The day's minutes, cut at the upload. */
  minutes(date: string): TrueMinutes | undefined
}

/** A piece of a day: its minutes from index `first` up to, not including, `last`. */
export interface Slice {
  readonly day: TrueMinutes
  readonly first: number
  readonly last: number
}

const wholeDays = new WeakMap<Person, Map<string, DayTotals>>()

export function uploadedBy(person: Person, now: Temporal.Instant): Uploaded {
  const { zone: home } = person
  const today = now.toZonedDateTimeISO(home).toPlainDate().toString()
  const until = lastUpload(now, today, home)
  const firstMinute = localDay(FIRST_DAY, home).start

  /** The person's own days that a day of any zone touches. */
  const homeDates = (date: string, zone: string): string[] => {
    if (zone === home) return [date]
    const { start, end } = localDay(date, zone)
    return [...eachDate(dateOf(start, home), dateOf(end - 1, home))]
  }

  const slices = (wantedFrom: number, wantedTo: number): Slice[] => {
    const [from, to] = [Math.max(wantedFrom, firstMinute), Math.min(wantedTo, until)]
    if (from >= to) return []
    return Array.from(eachDate(dateOf(from, home), dateOf(to - 1, home)), (date) => {
      const { start, end } = localDay(date, home)
      return {
        day: person.minutes(date),
        first: Math.max(from, start) - start,
        last: Math.min(to, end) - start,
      }
    })
  }

  const totalsBetween = (from: number, to: number): DayTotals => {
    const totals = noTotals()
    for (const { day, first, last } of slices(from, to)) addMinutes(totals, day, first, last)
    return totals
  }

  const sum = (date: string, zone: string): DayTotals => {
    const { start, end } = localDay(date, zone)
    return totalsBetween(start, end)
  }

  const endedOn = (date: string, zone: string) => (sleep: Sleep | undefined) => {
    const { start, end } = localDay(date, zone)
    return sleep !== undefined && sleep.end >= start && sleep.end < end && sleep.end <= until
  }

  return {
    person,
    now: now.epochMilliseconds,
    until,
    today,
    totals(date, zone = home) {
      if (zone !== home || localDay(date, home).end > until) return sum(date, zone)
      const known = wholeDays.get(person) ?? new Map<string, DayTotals>()
      wholeDays.set(person, known)
      const totals = known.get(date) ?? sum(date, home)
      known.set(date, totals)
      return totals
    },
    totalsBetween,
    slices,
    night(date, zone = home) {
      const found = homeDates(date, zone).map(person.night).filter(endedOn(date, zone))
      return found.reduce(
        (longest, night) => (lengthOf(night) > lengthOf(longest) ? night : longest),
        found[0],
      )
    },
    sleeps(date) {
      return [person.night(date), person.nap(date)]
        .filter(endedOn(date, home))
        .filter((sleep) => sleep !== undefined)
    },
    restingHeartRate(date) {
      return localDay(date, home).start < until ? person.restingHeartRate(date) : undefined
    },
    weighIn(date, zone = home) {
      const { start, end } = localDay(date, zone)
      return homeDates(date, zone)
        .map(person.weighIn)
        .findLast((weighIn) => weighIn && weighIn.minute >= start && weighIn.minute < Math.min(end, until))
    },
    minutes(date) {
      if (date < FIRST_DAY || localDay(date, home).start >= until) return undefined
      const day = person.minutes(date)
      const length = Math.min(day.end, until) - day.start
      const { state, steps, heart, floors } = day
      return {
        ...day,
        end: day.start + length,
        state: state.subarray(0, length),
        steps: steps.subarray(0, length),
        heart: heart.subarray(0, length),
        floors: floors.subarray(0, length),
      }
    },
  }
}

/** The minute of the upload that brought what happened up to this minute. */
export function uploadOf(minute: number, zone: string): number {
  const date = dateOf(minute, zone)
  const sameDay = minuteAt(date, UPLOAD_HOUR * 60, zone)
  return sameDay >= minute ? sameDay : minuteAt(addDays(date, 1), UPLOAD_HOUR * 60, zone)
}

function lastUpload(now: Temporal.Instant, today: string, zone: string): number {
  const todays = minuteAt(today, UPLOAD_HOUR * 60, zone)
  return todays * 60_000 <= now.epochMilliseconds
    ? todays
    : minuteAt(addDays(today, -1), UPLOAD_HOUR * 60, zone)
}

function lengthOf(sleep: Sleep | undefined): number {
  return sleep ? sleep.end - sleep.start : 0
}
