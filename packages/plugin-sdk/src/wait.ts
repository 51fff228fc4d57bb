/** A bare number above the first is an epoch in seconds, above the second one in milliseconds: both stand for September 2001. */
const [epochSeconds, epochMilliseconds] = [1e9, 1e12]

const seconds = /^([+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?)\s*(?:s|secs?|seconds?)?$/i
/** A date is told from a number by its clock time: `Date.parse` reads "45" as the year 2045. */
const httpDate = /^[a-z]{3,9},? .*\d:\d{2}:\d{2}/i
const isoDate = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}/i
const zone = /(?:gmt|utc|z|[+-]\d{2}:?\d{2})$/i

/**
 * Reads how many seconds to wait, however a source writes it: seconds (`45`, `1.5`, `45s`), an epoch in seconds or
 * milliseconds, an HTTP date (RFC 9110, 5.6.7), or a date and time of ISO 8601. `undefined` where it names no moment after
 * `now`.
 */
export function readWait(given: unknown, now: Temporal.Instant): number | undefined {
  const wait = (momentOf(given, now) - now.epochMilliseconds) / 1000
  return wait > 0 ? wait : undefined
}

/** Where a response says how long to wait. */
export interface WaitPlaces {
  /** A header beside `Retry-After`. */
  header?: string | undefined
  /** What its body says. */
  body?: unknown
}

/**
 * When a source may be asked again: by `Retry-After` (RFC 9110, 10.2.3), another header or the body, whichever is latest.
 * Asking earlier would cost another refusal. `undefined` where none of them says it.
 */
export function readRetryAt(
  headers: Headers,
  now: Temporal.Instant,
  { header, body }: WaitPlaces = {},
): Temporal.Instant | undefined {
  const given = [headers.get('retry-after'), header && headers.get(header), body]
  const waits = given.map((wait) => readWait(wait, now)).filter((wait) => wait !== undefined)
  return waits.length === 0 ? undefined : now.add({ seconds: clampWait(Math.max(...waits)) })
}

/** Seconds. A source that wants longer is asked again after a day. */
const [shortestWait, longestWait] = [5, 86_400]

/** How many seconds to wait where so many are asked for: a source may go by another clock, or name any moment. */
export function clampWait(seconds: number): number {
  return Math.min(Math.max(Math.ceil(seconds), shortestWait), longestWait)
}

/** Milliseconds since 1970; `NaN` where nothing can be read. */
function momentOf(given: unknown, now: Temporal.Instant): number {
  if (given instanceof Temporal.Instant) return given.epochMilliseconds
  if (given instanceof Date) return given.getTime()
  const text = typeof given === 'number' || typeof given === 'string' ? String(given).trim() : ''
  const [, number] = seconds.exec(text) ?? []
  if (number === undefined) return dateOf(text)
  const amount = Number(number)
  if (amount > epochMilliseconds) return amount
  return amount > epochSeconds ? amount * 1000 : now.epochMilliseconds + amount * 1000
}

function dateOf(text: string): number {
  if (!httpDate.test(text) && !isoDate.test(text)) return Number.NaN
  // The oldest form of an HTTP date names no zone and means GMT.
  return Date.parse(zone.test(text) ? text : `${text}${isoDate.test(text) ? 'Z' : ' GMT'}`)
}
