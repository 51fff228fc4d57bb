/** The first instant of a local day, in milliseconds since 1970. */
export function startOfDay(date: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
}

/** The first instant after a local day, in milliseconds since 1970. */
export function endOfDay(date: string, zone: string): number {
  return startOfDay(Temporal.PlainDate.from(date).add({ days: 1 }).toString(), zone)
}

/** The local day that an instant lies in, `YYYY-MM-DD`. */
export function dayOf(milliseconds: number, zone: string): string {
  return wallClock(milliseconds, zone).toPlainDate().toString()
}

/** Whole minutes from the day's midnight by the clock on the wall; negative for the evening before. */
export function minutesFromMidnight(date: string, milliseconds: number, zone: string): number {
  const midnight = Temporal.PlainDate.from(date).toPlainDateTime()
  return Math.floor(midnight.until(wallClock(milliseconds, zone)).total('minutes'))
}

function wallClock(milliseconds: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone).toPlainDateTime()
}
