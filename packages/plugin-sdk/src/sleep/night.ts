import { type Amount, type EndedSession, hasStages, type StageTotals } from './sleep-session.ts'
import { lengthOf, overlapOf, type Span, subtractSpans } from './spans.ts'

/** Sessions of one origin that are one night, as that origin saw it. */
export interface View extends Span {
  /** By their start. */
  sessions: EndedSession[]
  /** Seconds. */
  asleep: number
  /** Seconds by stage; none where one of its sessions has no stages. */
  stages: StageTotals
  isMeasured: boolean
  /** In bed without the time between sessions, in milliseconds. */
  inBed: number
}

const sameNightWithinMs = 3 * 3_600_000

/**
 * The nights that sessions make, each as one origin saw it: views of several origins that overlap are the same night, and
 * are never added up.
 */
export function nightsFrom(sessions: EndedSession[]): View[] {
  const views = originsOf(sessions).flatMap(joinSessions)
  return groupInOrder(views.sort(byTime), (view, group) => overlapOf(view, group) > 0).map(bestView)
}

/** The sessions by origin, each of them by start. Without an origin, sessions that overlap are taken to be of different apps. */
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

/** Whether two spans share half of the shorter one; sessions in a row may overlap a little. */
function isSameSleep(one: Span, other: Span): boolean {
  return overlapOf(one, other) * 2 >= Math.min(one.end - one.start, other.end - other.start)
}

/** Whether spans of one origin are parts of one night. */
export function isOneNight(one: Span, other: Span): boolean {
  return Math.max(one.start, other.start) < Math.min(one.end, other.end) + sameNightWithinMs
}

/** Joins sessions that are parts of one night. */
function joinSessions(sessions: EndedSession[]): View[] {
  return groupInOrder(sessions, isOneNight).map(viewOf)
}

/** Groups spans that are sorted by start; `joins` says whether one belongs to the group before it. */
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

/** Where sessions overlap, a measured one counts before an estimated one, and then the earlier. */
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
 * The view that tells most of a night: a measured one before an estimate, then one with stages that covers at least half of
 * the longest, then the longest.
 */
function bestView(views: View[]): View {
  const measured = views.filter(({ isMeasured }) => isMeasured)
  const candidates = measured.length > 0 ? measured : views
  const longest = Math.max(...candidates.map(({ inBed }) => inBed))
  const tellsStages = (view: View) => hasStages(view.stages) && view.inBed * 2 >= longest
  return candidates.reduce((best, view) => {
    const difference = Number(tellsStages(view)) - Number(tellsStages(best)) || compareLength(view, best)
    return difference > 0 ? view : best
  })
}

/** More than 0 where the first is longer, or of the same length with more sleep. */
export function compareLength(one: View, other: View): number {
  return one.inBed - other.inBed || one.asleep - other.asleep
}

/** A total order, so that the order in which a source lists its sessions does not matter. */
function byTime(one: Span, other: Span): number {
  return one.start - other.start || other.end - one.end || (keyOf(one) < keyOf(other) ? -1 : 1)
}

function keyOf(span: Span): string {
  return JSON.stringify(span)
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
