/** PostgreSQL counts from 2000. */
const epochMilliseconds = 946_684_800_000

/** A time as PostgreSQL keeps it, in whole microseconds since 2000, of milliseconds since 1970. */
export function toMicroseconds(milliseconds: number): number {
  return Math.round((milliseconds - epochMilliseconds) * 1000)
}

/** Milliseconds since 1970, of microseconds since 2000. */
export function toMilliseconds(microseconds: number): number {
  return microseconds / 1000 + epochMilliseconds
}
