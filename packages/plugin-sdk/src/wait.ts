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

/** The longest wait that the named headers of a response give, in seconds; asking earlier would cost another refusal. */
export function readWaitHeaders(
  headers: Headers,
  names: readonly string[],
  now: Temporal.Instant,
): number | undefined {
  const waits = names.map((name) => readWait(headers.get(name), now)).filter((wait) => wait !== undefined)
  return waits.length > 0 ? Math.max(...waits) : undefined
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
