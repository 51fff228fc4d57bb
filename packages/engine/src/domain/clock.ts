import { setTimeout as sleep } from 'node:timers/promises'

/** The time that everything works with, so that tests can set it. */
export interface Clock {
  now(): Temporal.Instant
  /** Resolves at that moment, at once where it has passed. */
  wait(until: Temporal.Instant): Promise<void>
}

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  wait: (until) => sleep(Math.max(0, until.epochMilliseconds - Date.now())),
}

/** The local day of an instant, `YYYY-MM-DD`. */
export function localDay(instant: Temporal.Instant, zone: string): string {
  return instant.toZonedDateTimeISO(zone).toPlainDate().toString()
}

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** Whether a text is a day that exists, `YYYY-MM-DD`; of four digits, since not all that JavaScript knows are PostgreSQL's. */
export function isDay(text: string): boolean {
  if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}
