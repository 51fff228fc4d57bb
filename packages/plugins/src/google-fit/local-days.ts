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

/** What the clock on the wall shows at an instant. */
export function wallClock(milliseconds: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone).toPlainDateTime()
}
