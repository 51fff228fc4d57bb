import { minutesFromMidnight } from './minutes-from-midnight.ts'
import { compareLength, isOneNight, nightsFrom, type View } from './night.ts'
import { type EndedSession, readSession, type SleepSession, type StageTotals } from './sleep-session.ts'
import { overlapOf } from './spans.ts'

/** The main sleep of a day. */
export interface Night {
  /** Seconds asleep. */
  asleep: number
  /** Start of the first session, in minutes from the day's midnight by the local clock; negative for the evening before. */
  bedTime: number
  /** End of the last session, in minutes from the day's midnight by the local clock. */
  wakeUpTime: number
  /** Seconds by stage, as far as they are known. */
  stages: StageTotals
}

export interface NightOfDay {
  /** The local day on which the night ended, or the day that the source names. */
  date: string
  /** Left out while it is not known. */
  night?: Night
  /** The person is still asleep, or the source has not finished the night, so that the day must be fetched again. */
  unsettled: boolean
}

/** Decides to which day a sleep in progress will belong. */
const usualLength = { hours: 8 }

/**
 * Returns the main sleep of each day from `from` to `to`.
 *
 * `sessions` must include those of the day before `from` and of the day after `to`, because a night may be split at midnight.
 * The source's own mark counts first. Without one, sessions of one origin less than three hours apart are one night, from the
 * first start to the last end, and the longest night of a day is its main sleep. Sessions marked as naps never count. If
 * several origins recorded the same night, one of them counts. All rules: docs/nights.md.
 */
export function nightsOf(
  sessions: Iterable<SleepSession>,
  { from, to }: { from: string; to: string },
): NightOfDay[] {
  const candidates = [...sessions].filter(({ mark }) => mark !== 'nap')
  const ended = candidates.flatMap(readSession)
  // A mark applies to one day: the main sleeps of two days stay apart.
  const groups = Map.groupBy(countingSessions(ended), (session) => (isMarked(session) ? session.date : ''))
  const nights = Map.groupBy([...groups.values()].flatMap(nightsFrom), dateOf)
  const unfinished = Map.groupBy(ended.filter(isUnfinished), ({ date }) => date)
  const inProgress = new Set(candidates.filter(({ end }) => !end).map(dayOfEnd))
  const dates = new Set([...nights.keys(), ...unfinished.keys(), ...inProgress])
  return [...dates]
    .filter((date) => date >= from && date <= to)
    .sort()
    .map((date) => dayOf(date, nights.get(date) ?? [], unfinished.get(date) ?? [], inProgress.has(date)))
    .filter(({ night, unsettled }) => night || unsettled)
}

/** Sessions with sleep in them. A marked one excludes the others of its day and those that overlap it. */
function countingSessions(ended: EndedSession[]): EndedSession[] {
  const known = ended.filter((session) => !isUnfinished(session) && (session.asleep?.seconds ?? 0) > 0)
  const marked = known.filter(isMarked)
  return known.filter(
    (session) =>
      isMarked(session) || !marked.some((main) => main.date === session.date || overlapOf(main, session) > 0),
  )
}

/**
 * An unfinished session does not hide the rest of its night, nor another origin's view of it. But a shorter sleep at another
 * time, such as a nap, does not stand in for it.
 */
function dayOf(date: string, nights: View[], unfinished: EndedSession[], isInProgress: boolean): NightOfDay {
  const main = nights.toSorted((a, b) => compareLength(b, a))[0]
  if (main?.sessions.some(isMarked)) return { date, night: nightOf(date, main), unsettled: isInProgress }
  const hides = (one: EndedSession) =>
    !main || (!isOneNight(one, main) && (isMarked(one) || one.end - one.start > main.inBed))
  const unsettled = isInProgress || unfinished.some((one) => one.session.processing || hides(one))
  return main && !unfinished.some(hides)
    ? { date, night: nightOf(date, main), unsettled }
    : { date, unsettled }
}

function nightOf(date: string, view: View): Night {
  const { sessions, asleep, stages } = view
  const last = lastOf(view)
  const first = sessions[0] ?? last
  return {
    asleep,
    bedTime: minutesFromMidnight(date, first.session.start.local),
    wakeUpTime: minutesFromMidnight(date, last.session.end.local),
    stages,
  }
}

function dateOf(view: View): string {
  return lastOf(view).date
}

function lastOf({ sessions }: View): EndedSession {
  return sessions.reduce((last, session) => (session.end > last.end ? session : last))
}

function dayOfEnd({ start, date }: SleepSession): string {
  return date ?? start.local.add(usualLength).toPlainDate().toString()
}

function isUnfinished({ session, asleep }: EndedSession): boolean {
  return session.processing === true || asleep === undefined
}

function isMarked({ session }: EndedSession): boolean {
  return session.mark === 'main'
}
