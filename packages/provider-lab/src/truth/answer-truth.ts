import { json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import { countDays } from '../person/local-day.ts'
import type { Uploaded } from '../person/uploaded.ts'
import { trueDays } from './true-days.ts'

const MOST_DAYS = 4000

/**
 * `GET /lab/truth/:source?from=&to=&zone=`: what an import must come to, for every day from `from` to `to`.
 *
 * Dates are `YYYY-MM-DD`, both included; the zone is an IANA name, by default the person's. 400 with a sentence otherwise.
 */
export function answerTruth(query: URLSearchParams, uploaded: Uploaded): Answer {
  const from = query.get('from') ?? ''
  const to = query.get('to') ?? ''
  const zone = query.get('zone') || uploaded.person.zone
  for (const [name, date] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!isDate(date)) return refuse(`"${name}" must be a date such as 2026-01-31, not "${date}".`)
  }
  if (!isZone(zone))
    return refuse(`"zone" must be the name of a time zone such as Europe/Berlin, not "${zone}".`)
  const days = countDays(from, to)
  if (days < 1) return refuse(`"to" (${to}) must not be before "from" (${from}).`)
  if (days > MOST_DAYS) return refuse(`At most ${MOST_DAYS} days can be asked for at once, not ${days}.`)
  return json(200, { days: trueDays(uploaded, from, to, zone) })
}

function refuse(error: string): Answer {
  return json(400, { error })
}

function isDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && accepts(() => Temporal.PlainDate.from(text, { overflow: 'reject' }))
  )
}

function isZone(text: string): boolean {
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
