import { joinSpans, lengthOf, type Span, subtractSpans } from './spans.ts'

/** An instant, and what the clock on the wall showed then. */
export interface LocalTime {
  /** Milliseconds since 1970. */
  at: number
  local: Temporal.PlainDateTime
}

/** `asleep` is sleep whose stage is not known. */
export type SleepStage = 'awake' | 'asleep' | 'light' | 'deep' | 'rem'

/** Seconds of a night by stage. */
export type StageTotals = Partial<Record<Exclude<SleepStage, 'asleep'>, number>>

/** A sleep as its source recorded it: a night, a part of one, or a nap. */
export interface SleepSession {
  start: LocalTime
  /** Left out while the sleep is in progress. */
  end?: LocalTime | undefined
  /** The app that recorded it; left out if it is not known. */
  origin?: string | undefined
  /** The day that the source assigns it to, `YYYY-MM-DD`; default: the local day on which it ends. */
  date?: string | undefined
  /** The source's own mark. */
  mark?: 'main' | 'nap' | undefined
  /** The source is still computing it, so that its figures do not count yet. */
  processing?: boolean | undefined
  /** Seconds asleep, as the source sums them up. */
  asleep?: number | undefined
  /** Seconds by stage, as the source sums them up. */
  totals?: StageTotals | undefined
  /** Stages, which count without a summary. A moment that is awake and in another stage is awake. */
  stages?: (Span & { stage: SleepStage })[] | undefined
  /** Seconds asleep to assume if there is neither a summary nor a stage. */
  estimate?: number | undefined
}

/** Seconds that are spread evenly over some time. */
export interface Amount {
  seconds: number
  spans: Span[]
}

/** A session that ended, and what is known about it. */
export interface EndedSession extends Span {
  session: SleepSession & { end: LocalTime }
  date: string
  /** `undefined` if it is not known. */
  asleep: Amount | undefined
  stages: Partial<Record<keyof StageTotals, Amount>>
  /** The time asleep comes from a summary or from stages, and is no estimate. */
  isMeasured: boolean
}

const stageNames = ['awake', 'light', 'deep', 'rem'] as const

/** Reads a session; one that is in progress or lasted no time gives an empty list. */
export function readSession(session: SleepSession): EndedSession[] {
  const { start, end, date, estimate } = session
  if (!end || end.at <= start.at) return []
  const whole = { start: start.at, end: end.at }
  const stages = stagesWithin(session, whole)
  const measured = asleepOf(session, stages, whole)
  return [
    {
      ...whole,
      session: { ...session, end },
      date: date ?? end.local.toPlainDate().toString(),
      asleep: measured ?? (estimate === undefined ? undefined : { seconds: estimate, spans: [whole] }),
      stages: amountsOf(session, stages, whole),
      isMeasured: measured !== undefined,
    },
  ]
}

/** The spans of each stage, without the time awake. */
function stagesWithin({ stages = [] }: SleepSession, whole: Span): Map<SleepStage, Span[]> {
  const within = stages
    .map(({ stage, start, end }) => ({
      stage,
      start: Math.max(start, whole.start),
      end: Math.min(end, whole.end),
    }))
    .filter(({ start, end }) => end > start)
  const awake = joinSpans(within.filter(({ stage }) => stage === 'awake'))
  const byStage = Map.groupBy(within, ({ stage }) => stage)
  return new Map(
    [...byStage].map(([stage, spans]) => [stage, stage === 'awake' ? awake : subtractSpans(spans, awake)]),
  )
}

function asleepOf(
  { asleep, totals }: SleepSession,
  stages: Map<SleepStage, Span[]>,
  whole: Span,
): Amount | undefined {
  const spans = joinSpans([...stages].flatMap(([stage, time]) => (stage === 'awake' ? [] : time)))
  if (asleep !== undefined) return { seconds: asleep, spans: spans.length > 0 ? spans : [whole] }
  if (stages.size > 0) return { seconds: lengthOf(spans) / 1000, spans }
  if (!totals || !hasStages(totals)) return undefined
  return { seconds: (totals.light ?? 0) + (totals.deep ?? 0) + (totals.rem ?? 0), spans: [whole] }
}

function amountsOf(
  { totals }: SleepSession,
  stages: Map<SleepStage, Span[]>,
  whole: Span,
): EndedSession['stages'] {
  const amounts: EndedSession['stages'] = {}
  for (const name of stageNames) {
    const [total, spans] = [totals?.[name], stages.get(name)]
    if (total !== undefined) amounts[name] = { seconds: total, spans: [whole] }
    else if (!totals && spans) amounts[name] = { seconds: lengthOf(spans) / 1000, spans }
  }
  return totals || hasStages(amounts) ? amounts : {}
}

/** Whether there are stages of sleep; time awake alone is not enough. */
export function hasStages(stages: Partial<Record<keyof StageTotals, unknown>>): boolean {
  return ['light', 'deep', 'rem'].some((name) => name in stages)
}
