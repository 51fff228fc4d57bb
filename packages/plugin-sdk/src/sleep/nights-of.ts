import { minutesFromMidnight } from './minutes-from-midnight.ts'
import { compareLength, isOneNight, nightsFrom, type View } from './night.ts'
import { type EndedSession, readSession, type SleepSession, type StageTotals } from './sleep-session.ts'
import { overlapOf } from './spans.ts'

/** The main sleep of a day: of a person, not of a session. */
export interface Night {
  /** Seconds asleep. */
  asleep: number
  /** When its first session began and its last one ended: minutes from the day's midnight, negative for the evening before. */
  bedTime: number
  wakeUpTime: number
  /** Seconds by stage, those that the source tells. */
  stages: StageTotals
}

export interface NightOfDay {
  /** The local day on which the night ended, or that the source gave it to. */
  date: string
  /** Left out where it is not known yet. */
  night?: Night
  /** The person is still asleep, or the source has not finished the night: the day is to be fetched again. */
  unsettled: boolean
}

/** The usual length of a night: which day a sleep that goes on will belong to. */
const usual = { hours: 8 }

/**
 * The main sleep of each day from `from` to `to`, made of all sessions that a source has of them; those of the day before and
 * the day after have to be there too, because a night may be split at midnight.
 *
 * The source's own mark counts first. Without one, sessions of one origin less than three hours apart are one night, from the
 * first start to the last end, and the longest night of a day is its main sleep. Sessions marked as naps never count. Of
 * several origins that saw the same night one counts.
 */
export function nightsOf(
  sessions: Iterable<SleepSession>,
  { from, to }: { from: string; to: string },
): NightOfDay[] {
  const candidates = [...sessions].filter(({ mark }) => mark !== 'nap')
  const ended = candidates.flatMap(readSession)
  // A mark speaks of one day, so that the main sleeps of two days stay apart.
  const groups = Map.groupBy(countingSessions(ended), (session) => (isMarked(session) ? session.date : ''))
  const nights = Map.groupBy([...groups.values()].flatMap(nightsFrom), dateOf)
  const unfinished = Map.groupBy(ended.filter(isUnfinished), ({ date }) => date)
  const goingOn = new Set(candidates.filter(({ end }) => !end).map(dayOfEnd))
  const dates = new Set([...nights.keys(), ...unfinished.keys(), ...goingOn])
  return [...dates]
    .filter((date) => date >= from && date <= to)
    .sort()
    .map((date) => dayOf(date, nights.get(date) ?? [], unfinished.get(date) ?? [], goingOn.has(date)))
    .filter(({ night, unsettled }) => night || unsettled)
}

/** Those with sleep in them, but for sessions without a mark on a day that has a marked one, or at the time of one. */
function countingSessions(ended: EndedSession[]): EndedSession[] {
  const known = ended.filter((session) => !isUnfinished(session) && (session.asleep?.seconds ?? 0) > 0)
  const marked = known.filter(isMarked)
  return known.filter(
    (session) =>
      isMarked(session) || !marked.some((main) => main.date === session.date || overlapOf(main, session) > 0),
  )
}

/**
 * A session without a length takes nothing from the rest of its night or from another origin's view of it, but no shorter
 * sleep of another time, such as a nap, stands in for it.
 */
function dayOf(date: string, nights: View[], unfinished: EndedSession[], goesOn: boolean): NightOfDay {
  const main = nights.toSorted((a, b) => compareLength(b, a))[0]
  if (main?.sessions.some(isMarked)) return { date, night: describe(date, main), unsettled: goesOn }
  const hides = (one: EndedSession) =>
    !main || (!isOneNight(one, main) && (isMarked(one) || one.end - one.start > main.inBed))
  const unsettled = goesOn || unfinished.some((one) => one.session.processing || hides(one))
  return main && !unfinished.some(hides)
    ? { date, night: describe(date, main), unsettled }
    : { date, unsettled }
}

function describe(date: string, { sessions, asleep, stages }: View): Night {
  const [first] = sessions
  const last = sessions.reduce((latest, session) => (session.end > latest.end ? session : latest))
  return {
    asleep,
    bedTime: minutesFromMidnight(date, (first ?? last).session.start.local),
    wakeUpTime: minutesFromMidnight(date, last.session.end.local),
    stages,
  }
}

/** The day of its last session. */
function dateOf({ sessions }: View): string {
  return sessions.reduce((latest, session) => (session.end > latest.end ? session : latest)).date
}

function dayOfEnd({ start, date }: SleepSession): string {
  return date ?? start.local.add(usual).toPlainDate().toString()
}

function isUnfinished({ session, asleep }: EndedSession): boolean {
  return session.processing === true || asleep === undefined
}

function isMarked({ session }: EndedSession): boolean {
  return session.mark === 'main'
}
