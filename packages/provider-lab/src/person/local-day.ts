/**
 * Days of a zone on the line of physical minutes.
 *
 * A date is `YYYY-MM-DD`; a minute is counted from the epoch (1970-01-01T00:00Z). A day is what its zone's wall clock says: 1380
 * or 1500 minutes long where the clock is put forward or back.
 */
export interface LocalDay {
  readonly date: string
  /** Its first minute. */
  readonly start: number
  /** The first minute of the day after. */
  readonly end: number
}

const known = new Map<string, LocalDay>()

export function localDay(date: string, zone: string): LocalDay {
  const key = `${zone}/${date}`
  const found = known.get(key)
  if (found) return found
  const plain = Temporal.PlainDate.from(date)
  const day = {
    date,
    start: minuteOf(plain.toZonedDateTime(zone)),
    end: minuteOf(plain.add({ days: 1 }).toZonedDateTime(zone)),
  }
  if (known.size > 20_000) known.clear()
  known.set(key, day)
  return day
}

/** The physical minute at which the wall clock stands `offset` minutes from the date's midnight; before it when negative. */
export function minuteAt(date: string, offset: number, zone: string): number {
  const wall = Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes: offset })
  return minuteOf(wall.toZonedDateTime(zone))
}

/** The reverse: minutes by wall clock from the date's midnight; -30 is 23:30 of the evening before. */
export function wallMinutes(minute: number, date: string, zone: string): number {
  const wall = wallClock(minute, zone)
  const days = Temporal.PlainDate.from(date).until(wall.toPlainDate()).days
  return days * 1440 + wall.hour * 60 + wall.minute
}

export function wallClock(minute: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
}

export function dateOf(minute: number, zone: string): string {
  return wallClock(minute, zone).toPlainDate().toString()
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** Every date from one to the other, both included. */
export function* eachDate(from: string, to: string): Generator<string> {
  for (let date = from; date <= to; date = addDays(date, 1)) yield date
}

/** How many days there are from one date to the other, both included; less than one when they are reversed. */
export function countDays(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1
}

/** Whether the text is a date that exists, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && accepts(() => Temporal.PlainDate.from(text, { overflow: 'reject' }))
  )
}

export function isZone(text: string): boolean {
  return accepts(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text))
}

function accepts(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function minuteOf(moment: Temporal.ZonedDateTime): number {
  return Math.floor(moment.epochMilliseconds / 60_000)
}
