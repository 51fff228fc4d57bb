import { z } from 'zod'

/** A day as Google writes it. */
export interface CivilDate {
  year: number
  month: number
  day: number
}

/** Reads a whole day, `YYYY-MM-DD`; a partial one (`google.type.Date` allows a month or day of 0) is none. */
export const civilDate = z
  .object({ year: z.int().min(1), month: z.int(), day: z.int() })
  .transform(({ year, month, day }, context) => {
    try {
      return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString()
    } catch {
      context.issues.push({ code: 'custom', message: 'It is no day.', input: { year, month, day } })
      return z.NEVER
    }
  })

/** A part of a time of day; parts that are zero are left out. */
const part = (most: number) => z.int().min(0).max(most).default(0)

/** Midnight may be the 24:00 of the day before, and a minute may have a leap second (`google.type.TimeOfDay`). */
const timeOfDay = z
  .object({ hours: part(24), minutes: part(59), seconds: part(60) })
  .refine(({ hours, minutes, seconds }) => hours < 24 || minutes + seconds === 0, {
    error: 'There is no time after 24:00.',
  })

/** What the clock on the wall showed. */
export const civilTime = z
  .object({ date: civilDate, time: timeOfDay.default({ hours: 0, minutes: 0, seconds: 0 }) })
  .transform(({ date, time }) => Temporal.PlainDate.from(date).toPlainDateTime().add(time))

/** The instant of an RFC 3339 text, in milliseconds since 1970. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

/** An offset from UTC in milliseconds: `3600s`; `-07:00` was seen too. */
export const utcOffset = z
  .string()
  .regex(/^(-?\d+(\.\d+)?s|[+-]\d\d:\d\d)$/)
  .transform((text) => (text.endsWith('s') ? Number(text.slice(0, -1)) * 1000 : clockOffset(text)))

function clockOffset(text: string): number {
  const [hours = 0, minutes = 0] = text.slice(1).split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** What the clock on the wall showed at an instant, by its offset from UTC (both in milliseconds). */
export function wallClock(milliseconds: number, offset: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds + offset)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
}

/** What the clock on the wall showed at an instant (milliseconds since 1970) in a zone. */
export function zoneClock(milliseconds: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone).toPlainDateTime()
}

/** `YYYY-MM-DD` as Google writes a day. */
export function toCivil(date: string): { date: CivilDate } {
  const { year, month, day } = Temporal.PlainDate.from(date)
  return { date: { year, month, day } }
}

/** The day before, whose sessions may be a part of a night that ends on the day. */
export function dayBefore(date: string): string {
  return Temporal.PlainDate.from(date).subtract({ days: 1 }).toString()
}

/** The day after, with which Google's ranges end: they leave it out. */
export function dayAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString()
}

/** The first instant of a local day, as filters write it. */
export function startOfDay(date: string, zone: string): string {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).toInstant().toString({ smallestUnit: 'second' })
}
