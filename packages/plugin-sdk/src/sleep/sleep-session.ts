import { joinSpans, lengthOf, type Span, subtractSpans } from './spans.ts'

/** An instant, and what the clock on the wall showed then. */
export interface LocalTime {
  /** Milliseconds since 1970. */
  at: number
  local: Temporal.PlainDateTime
}

/** `asleep`: without a word on how deep. */
export type SleepStage = 'awake' | 'asleep' | 'light' | 'deep' | 'rem'

/** Seconds of a night by stage. */
export type StageTotals = Partial<Record<Exclude<SleepStage, 'asleep'>, number>>

/** A sleep as its source recorded it, a nap or a part of a night too. */
export interface SleepSession {
  start: LocalTime
  /** Left out while the person is asleep. */
  end?: LocalTime | undefined
  /** The app that recorded it; left out where the source does not say. */
  origin?: string | undefined
  /** The day that the source gives it to, `YYYY-MM-DD`; default: the local day on which it ends. */
  date?: string | undefined
  /** The source's own mark. */
  mark?: 'main' | 'nap' | undefined
  /** The source has not finished computing it: what it says of it does not count yet. */
  processing?: boolean | undefined
  /** Seconds asleep by the source's own summary. */
  asleep?: number | undefined
  /** Seconds by stage by the source's own summary. */
  totals?: StageTotals | undefined
  /** Its stages, which count where there is no summary. At a moment that is both awake and another stage it is awake. */
  stages?: (Span & { stage: SleepStage })[] | undefined
  /** Seconds asleep to assume where neither summary nor stages say. */
  estimate?: number | undefined
}

/** Seconds that are spread evenly over some time. */
export interface Amount {
  seconds: number
  spans: Span[]
}

/** A session that ended, with what is known of it. */
export interface EndedSession extends Span {
  session: SleepSession & { end: LocalTime }
  date: string
  /** `undefined`: not known. */
  asleep: Amount | undefined
  stages: Partial<Record<keyof StageTotals, Amount>>
  /** By its summary or its stages, in contrast to an estimate. */
  isMeasured: boolean
}

const stageNames = ['awake', 'light', 'deep', 'rem'] as const

/** Reads a session; one that has not ended, or lasted no time, is none. */
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

/** Its stages by name, each without the time awake in it. */
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

/** Whether a stage of sleep is among them: time awake alone is none. */
export function hasStages(stages: Partial<Record<keyof StageTotals, unknown>>): boolean {
  return ['light', 'deep', 'rem'].some((name) => name in stages)
}
