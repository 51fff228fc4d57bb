import type { DailyValue, PluginStatus } from '@tributary/engine'
import type { FoundMetric } from './find-metric.ts'

/** As many parts as can be told apart in one chart. */
const mostParts = 6

/** A field that is split by a dimension, or `null` where the name means no such field. */
export function findSplit(
  name: string,
  plugins: PluginStatus[],
): (Omit<FoundMetric, 'series'> & { source: { name: string; simulated: boolean } }) | null {
  const [source, id] = name.split('.')
  const status = plugins.find(({ plugin }) => plugin.id === source)
  const field = status?.plugin.fields.find((one) => one.id === id)
  if (!status || !field || field.dimension === null) return null
  const { name: title, description, type, unit, kind } = field
  const { plugin, simulated } = status
  return { title, description, form: { type, unit, kind }, source: { name: plugin.name, simulated } }
}

/** The split fields of the source that a metric is of, to be linked from its page. */
export function splitsOf(name: string, plugins: PluginStatus[]): { name: string; dimension: string }[] {
  const [source] = name.split('.')
  const fields = plugins.find(({ plugin }) => plugin.id === source)?.plugin.fields ?? []
  return fields.flatMap(({ id, dimension }) =>
    dimension === null ? [] : [{ name: `${source}.${id}`, dimension }],
  )
}

interface SplitDay {
  date: string
  values: Record<string, DailyValue>
}

/** What all parts of a day are together, be they drawn or not; `null` where there is none. */
export function splitTotals(days: string[], split: SplitDay[]): DailyValue[] {
  return sumsOf(days, split, () => true)
}

/** The largest parts of the days, each as a series, and the rest as one; `days` are all days to show. */
export function splitSeries(
  name: string,
  days: string[],
  split: SplitDay[],
): { name: string; label: string; simulated: boolean; values: DailyValue[] }[] {
  const totals = new Map<string, number>()
  for (const { values } of split)
    for (const [part, value] of Object.entries(values))
      totals.set(part, (totals.get(part) ?? 0) + (typeof value === 'number' ? value : 0))
  const parts = [...totals].sort((one, other) => other[1] - one[1]).map(([part]) => part)
  const drawn = parts.length > mostParts ? parts.slice(0, mostParts - 1) : parts
  const rest = new Set(parts.slice(drawn.length))
  const seriesOf = (label: string, of: (part: string) => boolean) => ({
    name: `${name} ${label}`,
    label,
    simulated: false,
    values: sumsOf(days, split, of),
  })
  return [
    ...drawn.map((part) => seriesOf(part, (one) => one === part)),
    ...(rest.size > 0 ? [seriesOf(`${rest.size} others`, (one) => rest.has(one))] : []),
  ]
}

function sumsOf(days: string[], split: SplitDay[], of: (part: string) => boolean): DailyValue[] {
  const byDay = new Map(split.map(({ date, values }) => [date, Object.entries(values)]))
  return days.map((date) => {
    const numbers = (byDay.get(date) ?? []).flatMap(([part, value]) =>
      of(part) && typeof value === 'number' ? value : [],
    )
    return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value)
  })
}
