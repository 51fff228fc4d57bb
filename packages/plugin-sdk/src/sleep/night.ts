import { type Amount, type EndedSession, hasStages, type StageTotals } from './sleep-session.ts'
import { lengthOf, overlapOf, type Span, subtractSpans } from './spans.ts'

/** One night as one origin recorded it. */
export interface View extends Span {
  /** Sorted by start. */
  sessions: EndedSession[]
  /** Seconds. */
  asleep: number
  /** Seconds by stage; empty if one of the sessions has no stages. */
  stages: StageTotals
  isMeasured: boolean
  /** Milliseconds within sessions, without the time between them. */
  inBed: number
}

const sameNightWithinMs = 3 * 3_600_000

/** Joins sessions into nights. Views of several origins that overlap are the same night, of which the best one counts. */
export function nightsFrom(sessions: EndedSession[]): View[] {
  const views = originsOf(sessions).flatMap(joinSessions)
  return groupInOrder(views.sort(byTime), (view, group) => overlapOf(view, group) > 0).map(bestView)
}

/** Groups sessions by origin, sorted by start. Sessions of unknown origin that record the same sleep are of different apps. */
function originsOf(sessions: EndedSession[]): EndedSession[][] {
  const [known, unknown] = [[], []] as [EndedSession[], EndedSession[]]
  for (const one of [...sessions].sort(byTime)) (one.session.origin === undefined ? unknown : known).push(one)
  const apart: EndedSession[][] = []
  for (const session of unknown) {
    const origin = apart.find((others) => !others.some((other) => isSameSleep(session, other)))
    if (origin) origin.push(session)
    else apart.push([session])
  }
  return [...Map.groupBy(known, ({ session }) => session.origin).values(), ...apart]
}

/** Whether two spans share at least half of the shorter one. Successive sessions of one app may overlap a little. */
function isSameSleep(one: Span, other: Span): boolean {
  return overlapOf(one, other) * 2 >= Math.min(one.end - one.start, other.end - other.start)
}

/** Whether two sleeps are parts of one night. */
export function isOneNight(one: Span, other: Span): boolean {
  return Math.max(one.start, other.start) < Math.min(one.end, other.end) + sameNightWithinMs
}

function joinSessions(sessions: EndedSession[]): View[] {
  return groupInOrder(sessions, isOneNight).map(viewOf)
}

/** Groups spans sorted by start; `joins` says whether a span belongs to the group before it. */
function groupInOrder<One extends Span>(spans: One[], joins: (span: One, group: Span) => boolean): One[][] {
  const groups: (Span & { spans: One[] })[] = []
  for (const span of spans) {
    const last = groups.at(-1)
    if (last && joins(span, last)) {
      last.spans.push(span)
      last.end = Math.max(last.end, span.end)
    } else groups.push({ start: span.start, end: span.end, spans: [span] })
  }
  return groups.map((group) => group.spans)
}

/** Where sessions overlap, the measured one counts, and of two alike the earlier one. */
function viewOf(sessions: EndedSession[]): View {
  const inTurn = sessions.toSorted((a, b) => Number(b.isMeasured) - Number(a.isMeasured) || byTime(a, b))
  const withStages = inTurn.every(({ stages }) => hasStages(stages))
  const stages: StageTotals = {}
  let asleep = 0
  for (const [index, session] of inTurn.entries()) {
    const before = inTurn.slice(0, index)
    asleep += secondsOutside(session.asleep, before)
    if (!withStages) continue
    for (const [stage, amount] of Object.entries(session.stages) as [keyof StageTotals, Amount][])
      stages[stage] = round((stages[stage] ?? 0) + secondsOutside(amount, before))
  }
  return {
    start: Math.min(...sessions.map(({ start }) => start)),
    end: Math.max(...sessions.map(({ end }) => end)),
    sessions,
    asleep: round(asleep),
    stages,
    isMeasured: sessions.some(({ isMeasured }) => isMeasured),
    inBed: lengthOf(sessions),
  }
}

function secondsOutside(amount: Amount | undefined, taken: Span[]): number {
  if (!amount) return 0
  const length = lengthOf(amount.spans)
  const rest = lengthOf(subtractSpans(amount.spans, taken))
  return rest === length ? amount.seconds : (amount.seconds * rest) / length
}

/**
 * The view that says most about a night. A measured one is better than an estimate, and one with stages better than one
 * without, provided that it covers at least half of the longest view; after that the longest is best.
 */
function bestView(views: View[]): View {
  const longest = Math.max(...views.map(({ inBed }) => inBed))
  const detail = (view: View) =>
    view.inBed * 2 < longest ? 0 : Number(view.isMeasured) * 2 + Number(hasStages(view.stages))
  return views.reduce((best, view) =>
    (detail(view) - detail(best) || compareLength(view, best)) > 0 ? view : best,
  )
}

/** Positive if the first view is longer, or as long with more sleep. */
export function compareLength(one: View, other: View): number {
  return one.inBed - other.inBed || one.asleep - other.asleep
}

/** A total order, so that the order of a source's list has no effect. */
function byTime(one: Span, other: Span): number {
  return one.start - other.start || other.end - one.end || (keyOf(one) < keyOf(other) ? -1 : 1)
}

function keyOf(span: Span): string {
  return JSON.stringify(span)
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
