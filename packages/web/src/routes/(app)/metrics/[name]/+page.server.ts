import { error } from '@sveltejs/kit'
import { readRange } from '#lib/chart/chart-range.ts'
import { findMetric } from '#lib/chart/find-metric.ts'
import { findSplit, splitSeries, splitsOf, splitTotals } from '#lib/chart/split-metric.ts'
import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import { readSuccession } from '#lib/server/read-succession.ts'
import { todayOf } from '#lib/server/today-of.ts'
import { sourceName } from '#lib/succession/name-succession.ts'
import { pickValues } from '#lib/values/so-far.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const today = todayOf(user)
  const range = readRange(event.url.searchParams, today)
  const [plugins, templates] = await Promise.all([
    engine().plugins.list(user.id),
    engine().templates.list(user.id),
  ])
  const { name } = event.params
  const { from, to } = range
  const splits = splitsOf(name, plugins).filter((split) => split.name !== name)
  const split = findSplit(name, plugins)
  if (split) {
    const [all, parts] = await Promise.all([
      engine().metrics.daily(user.id, { from, to, metrics: [] }),
      engine().metrics.split(user.id, { metric: name, from, to }),
    ])
    const days = all.days.map(({ date }) => date)
    const soFar = days.map((day) => parts.incomplete.some(({ date }) => date === day))
    return {
      name,
      ...split,
      days,
      series: splitSeries(name, days, parts.days).map((series) => ({ ...series, soFar })),
      totals: { values: splitTotals(days, parts.days), soFar },
      sources: null,
      succession: null,
      splits,
      whole: name,
      range,
      today,
    }
  }
  const found = findMetric(name, plugins, templates)
  if (!found) error(404, 'There is no such metric.')
  const metrics = found.series.map(({ name }) => name)
  const [{ days, incomplete }, succession] = await Promise.all([
    engine().metrics.daily(user.id, { from, to, metrics }),
    readSuccession(user.id, name, plugins, today),
  ])
  const sources = days.map(({ sources }) => sources?.[name] ?? null)
  return {
    name,
    title: found.title,
    description: found.description,
    form: found.form,
    source: null,
    totals: null,
    days: days.map(({ date }) => date),
    series: found.series.map((series) => ({
      ...series,
      label: succession && series.name === name ? 'All sources' : series.label,
      ...pickValues(series.name, days, incomplete),
    })),
    /** Whose each merged value is, where it is not always the same source's. */
    sources: succession && sources.map((id) => id && sourceName(id, plugins)),
    succession,
    splits,
    whole: null,
    range,
    today,
  }
}
