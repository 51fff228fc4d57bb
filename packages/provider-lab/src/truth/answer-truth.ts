import { json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import { countDays, isDate, isZone } from '../person/local-day.ts'
import type { Uploaded } from '../person/uploaded.ts'
import type { Source } from '../source.ts'
import { trueDays } from './true-days.ts'

const MOST_DAYS = 4000

/**
 * `GET /lab/truth/:source?from=&to=&zone=&at=`: what an import must come to, for every day from `from` to `to`.
 *
 * A day holds what `TrueDay` says and what the source adds. Dates are `YYYY-MM-DD`, both included; the zone is an IANA
 * name, by default the person's. `at` is the moment at which the source knows it: now, or a later one, by which late data
 * has come and corrections were made. 400 with a sentence otherwise.
 */
export function answerTruth(
  query: URLSearchParams,
  now: Temporal.Instant,
  knownAt: (at: Temporal.Instant) => Uploaded,
  source: Source,
): Answer {
  const at = readInstant(query.get('at') || now.toString())
  if (!at) return refuse(`"at" must be an instant such as 2026-01-31T12:00:00Z, not "${query.get('at')}".`)
  const uploaded = knownAt(at)
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
  const count = countDays(from, to)
  if (count < 1) return refuse(`"to" (${to}) must not be before "from" (${from}).`)
  if (count > MOST_DAYS) return refuse(`At most ${MOST_DAYS} days can be asked for at once, not ${count}.`)
  const days = trueDays(uploaded, from, to, zone)
  return json(200, {
    days: days.map((day) => ({ ...day, ...source.truth?.(uploaded, day.date, zone) })),
  })
}

function readInstant(text: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text)
  } catch {
    return undefined
  }
}

function refuse(error: string): Answer {
  return json(400, { error })
}
