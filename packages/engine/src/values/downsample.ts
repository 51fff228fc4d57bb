import type { DayRule, Field, PluginDeclaration, SpanRule } from '@tributary/plugin-sdk'
import { MeasurementColumns } from './measurement-columns.ts'
import type { Staged } from './stage-records.ts'

/** How often a measurement is kept at most, in seconds; each divides every zone's day. */
export const keptSeconds = [60, 300, 900] as const

/** Whether a stream gives measurements of which fewer can be kept: a field says how several become one. */
export function canDownsample(plugin: PluginDeclaration, stream: string): boolean {
  const fields = plugin.streams[stream]?.fields ?? []
  return fields.some((id) => ruleOf(plugin.fields[id]) !== undefined)
}

/**
 * Keeps one measurement a span of time, of fields that say how many become one (mean, sum, lowest, …); the others stay.
 * A day's mean is then that of the spans, however many measurements each had.
 */
export function thin(staged: Staged, fields: Record<string, Field>, seconds: number): Staged {
  const { measurements: all, series } = staged
  const length = seconds * 1000
  const thinned = new MeasurementColumns()
  const spans = new Map<number, Span>()
  all.each((position, start, end, value) => {
    const rule = ruleOf(fields[series[position]?.field ?? ''])
    if (!rule || end - start >= length) {
      thinned.add(position, start, end, value)
      return
    }
    const beginning = Math.floor(start / length) * length
    const key = position * 2 ** 40 + beginning / length
    const span = spans.get(key)
    if (!span) {
      spans.set(key, { series: position, start: beginning, value, count: 1, first: start, last: start })
      return
    }
    span.count += 1
    span.value = combine[rule](span, value, start)
    span.first = Math.min(span.first, start)
    span.last = Math.max(span.last, start)
  })
  for (const span of spans.values()) thinned.add(span.series, span.start, span.start + length, span.value)
  const setAside = staged.setAside + thinned.makeDistinct()
  return { ...staged, measurements: thinned, setAside }
}

interface Span {
  series: number
  start: number
  value: number
  count: number
  first: number
  last: number
}

function ruleOf(field: Field | undefined): SpanRule | undefined {
  // On a clock that has no first hour there is no running mean: times of day are kept one by one.
  if (field?.type === 'time') return undefined
  const rule = field?.span ?? field?.day
  return rule && isSpanRule(rule) ? rule : undefined
}

function isSpanRule(rule: DayRule): rule is SpanRule {
  return Object.hasOwn(combine, rule)
}

const combine: Record<SpanRule, (span: Span, value: number, start: number) => number> = {
  sum: (span, value) => span.value + value,
  mean: (span, value) => span.value + (value - span.value) / span.count,
  min: (span, value) => Math.min(span.value, value),
  max: (span, value) => Math.max(span.value, value),
  first: (span, value, start) => (start < span.first ? value : span.value),
  last: (span, value, start) => (start > span.last ? value : span.value),
}
