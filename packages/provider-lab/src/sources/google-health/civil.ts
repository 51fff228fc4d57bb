/** How Google Health writes times: the instant, the offset of the person's clock then, and what that clock showed. */

export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** RFC 3339, UTC. */
export function instant(seconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString()
}

/** `3600s` */
export function offset(seconds: number, zone: string): string {
  return `${zoned(seconds, zone).offsetNanoseconds / 1e9}s`
}

export function civilDate(date: string): CivilDate {
  const { year, month, day } = Temporal.PlainDate.from(date)
  return { year, month, day }
}

/** A part of the time that is zero is left out; all of it at midnight. */
export function civilTime(seconds: number, zone: string): { date: CivilDate; time: Record<string, number> } {
  const { year, month, day, hour, minute, second } = zoned(seconds, zone)
  const time = { hours: hour, minutes: minute, seconds: second }
  return {
    date: { year, month, day },
    time: Object.fromEntries(Object.entries(time).filter(([, value]) => value !== 0)),
  }
}

/** What the clock showed as sortable text: `2026-11-18T07:05:00`. */
export function civilText(seconds: number, zone: string): string {
  return zoned(seconds, zone).toPlainDateTime().toString({ smallestUnit: 'second' })
}

function zoned(seconds: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone)
}
