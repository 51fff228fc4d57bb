import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { uploadOf } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { workoutsOf } from '../../person/workouts.ts'
import type { Call } from './google-fit.ts'
import { datesBetween } from './points.ts'
import { invalid, mayRead, requireArea } from './refusals.ts'

/** Minutes from the epoch. */
interface Session {
  readonly activityType: number
  readonly name: string
  readonly start: number
  readonly end: number
}

const SLEEPING = 72
const WORKOUTS = { run: { activityType: 8, name: 'Run' }, walk: { activityType: 7, name: 'Walk' } } as const
const PAGE = 100
const THIRTY_DAYS = 30 * 24 * 60

/**
 * `GET /sessions`: those that end between `startTime` and `endTime`, naps among the sleeps and no word on which is the
 * night; without either, those that were changed in the last thirty days or since the page token.
 *
 * Workouts are there as well as sleeps unless `activityType` asks for one kind.
 */
export function listSessions({ query, scopes, uploaded }: Call): Answer {
  requireArea(scopes, 'sleep', 'activity')
  const kinds = query.getAll('activityType').map(Number)
  if (kinds.includes(SLEEPING)) requireArea(scopes, 'sleep')
  const [from, to] = [readTime(query, 'startTime'), readTime(query, 'endTime')]
  const syncing = from === undefined && to === undefined
  const token = readToken(query.get('pageToken'))

  const seen = sessionsOf(uploaded, syncing ? uploaded.until - THIRTY_DAYS : from, to)
    .filter(({ activityType }) => mayRead(scopes, activityType === SLEEPING ? 'sleep' : 'activity'))
    .filter(({ activityType }) => kinds.length === 0 || kinds.includes(activityType))
  const found = syncing
    ? seen.filter((session) => modified(session, uploaded) > (token ?? 0))
    : seen.filter(({ end }) => end > (token ?? 0))
  const page = found.slice(0, PAGE)
  const hasMoreData = found.length > page.length
  const last = page.at(-1)
  const next = syncing ? uploaded.until : hasMoreData && last ? last.end : undefined
  return json(200, {
    session: (syncing ? found : page).map((session) => describe(session, uploaded)),
    deletedSession: [],
    nextPageToken: next === undefined ? '' : Buffer.from(String(next)).toString('base64url'),
    hasMoreData: !syncing && hasMoreData,
  })
}

/** By their end, which lies in the stretch of minutes. */
function sessionsOf(uploaded: Uploaded, from = 0, to = Infinity): Session[] {
  const sessions = datesBetween(uploaded, from, to).flatMap((date): Session[] => {
    const day = uploaded.minutes(date)
    const sleeps = uploaded.sleeps(date).map(({ start, end }) => ({
      activityType: SLEEPING,
      name: 'Sleep',
      start,
      end,
    }))
    const workouts = day
      ? workoutsOf(day).map(({ kind, start, end }) => ({ ...WORKOUTS[kind], start, end }))
      : []
    return [...sleeps, ...workouts]
  })
  return sessions.filter(({ end }) => end >= from && end < to).sort((one, other) => one.end - other.end)
}

function describe(session: Session, uploaded: Uploaded): unknown {
  const { activityType, name, start, end } = session
  return {
    id: `${name.toLowerCase()}-${start}`,
    name,
    description: '',
    startTimeMillis: String(start * 60_000),
    endTimeMillis: String(end * 60_000),
    modifiedTimeMillis: String(modified(session, uploaded) * 60_000),
    application: { packageName: 'com.google.android.wearable.fitness', version: '' },
    activityType,
  }
}

function modified({ end }: Session, { person }: Uploaded): number {
  return uploadOf(end, person.zone)
}

/** Minutes from the epoch. */
function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ||
    Number.isNaN(Date.parse(text))
  )
    throw invalid(`Invalid value for field ${name}: it must be an RFC 3339 timestamp.`)
  return Date.parse(text) / 60_000
}

function readToken(text: string | null): number | undefined {
  if (!text) return undefined
  const minute = Number(Buffer.from(text, 'base64url').toString('utf8'))
  if (!Number.isSafeInteger(minute)) throw invalid('Invalid page token.')
  return minute
}
