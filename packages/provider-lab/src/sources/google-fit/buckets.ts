import { asObject } from '../../http/as-object.ts'
import { isZone } from '../../person/local-day.ts'
import { invalid } from './refusals.ts'

/** A stretch of time that is aggregated into one. Milliseconds from the epoch. */
export interface Bucket {
  readonly start: number
  readonly end: number
}

const PERIODS = { day: 'days', week: 'weeks', month: 'months' } as const
const MOST_BUCKETS = 100_000

/** The stretch cut as `bucketByTime` says: by exact length, or by the calendar of a zone. */
export function cutBuckets(bucketByTime: unknown, { start, end }: Bucket): Bucket[] {
  const by = asObject(bucketByTime)
  if (!by) throw invalid('Require a bucketing specification: bucketByTime.')
  if (by.period !== undefined) return cutByCalendar(asObject(by.period) ?? {}, { start, end })
  const length = Number(by.durationMillis)
  if (!Number.isSafeInteger(length) || length < 1)
    throw invalid('bucketByTime needs durationMillis or period.')
  if ((end - start) / length > MOST_BUCKETS) throw invalid('Too many buckets.')
  const buckets: Bucket[] = []
  for (let at = start; at < end; at += length) buckets.push({ start: at, end: Math.min(at + length, end) })
  return buckets
}

/** The first bucket begins where the stretch does; every further one at a midnight of the zone. */
function cutByCalendar(period: Record<string, unknown>, { start, end }: Bucket): Bucket[] {
  const { type, value = 1, timeZoneId: zone = 'UTC' } = period
  if (typeof type !== 'string' || !Object.hasOwn(PERIODS, type))
    throw invalid('Invalid bucketByTime.period.type.')
  if (!Number.isSafeInteger(value) || (value as number) < 1)
    throw invalid('Invalid bucketByTime.period.value.')
  if (typeof zone !== 'string' || !isZone(zone))
    throw invalid(`The datetime zone id '${String(zone)}' is not recognised`)
  const step = { [PERIODS[type as keyof typeof PERIODS]]: value }
  const buckets: Bucket[] = []
  let at = start
  let next = startOfPeriod(start, type, zone)
  while (at < end) {
    next = next.add(step)
    const until = Math.min(next.toZonedDateTime(zone).epochMilliseconds, end)
    buckets.push({ start: at, end: until })
    at = until
  }
  return buckets
}

function startOfPeriod(at: number, type: string, zone: string): Temporal.PlainDate {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
  if (type === 'month') return date.with({ day: 1 })
  return type === 'week' ? date.subtract({ days: date.dayOfWeek - 1 }) : date
}
