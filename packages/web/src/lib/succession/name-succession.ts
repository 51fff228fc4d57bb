import type { Comparison, PluginStatus, Succession } from '@tributary/engine'

/** A source's own metric of a kind: its name in addresses, and what it is called. */
export interface Original {
  metric: string
  label: string
}

/** A day from which another source speaks; sources by their names. */
export interface NamedSeam {
  day: string
  from: string
  to: string
}

/** Two originals compared, without the days that do not stand out. */
export interface NamedComparison extends Omit<Comparison, 'one' | 'other' | 'days'> {
  one: Original
  other: Original
  count: number
}

/** What a kind's page tells of how its sources follow each other. */
export interface NamedSuccession {
  seams: NamedSeam[]
  comparisons: NamedComparison[]
  /** Each source's own metric. */
  originals: Original[]
}

/** Puts names in the place of ids. */
export function nameSuccession(
  { seams, comparisons }: Succession,
  kind: string,
  plugins: PluginStatus[],
): NamedSuccession {
  const originals = plugins.flatMap(({ plugin }) => {
    const fields = plugin.fields.filter((field) => field.kind === kind && field.dimension === null)
    return fields.map(({ id, name }) => ({
      source: plugin.id,
      metric: `${plugin.id}.${id}`,
      label: fields.length > 1 ? `${plugin.name}, ${name}` : plugin.name,
    }))
  })
  const original = (metric: string): Original => {
    const label = originals.find((one) => one.metric === metric)?.label
    return { metric, label: label ?? metric }
  }
  const speaking = new Set(seams.flatMap(({ from, to }) => [from, to]))
  const compared = new Set(comparisons.flatMap(({ one, other }) => [one, other]))
  return {
    seams: seams.map(({ day, from, to }) => ({
      day,
      from: sourceName(from, plugins),
      to: sourceName(to, plugins),
    })),
    comparisons: comparisons.map(({ one, other, days, ...summary }) => ({
      ...summary,
      one: original(one),
      other: original(other),
      count: days.length,
    })),
    originals: originals
      .filter(({ source, metric }) => speaking.has(source) || compared.has(metric))
      .map(({ metric, label }) => ({ metric, label })),
  }
}

/** The name of a source by its id. */
export function sourceName(id: string, plugins: PluginStatus[]): string {
  return plugins.find(({ plugin }) => plugin.id === id)?.plugin.name ?? id
}
