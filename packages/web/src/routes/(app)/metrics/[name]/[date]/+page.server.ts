import { error } from '@sveltejs/kit'
import { findMetric } from '#lib/chart/find-metric.ts'
import { findSplit } from '#lib/chart/split-metric.ts'
import { isDay } from '#lib/days.ts'
import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import { todayOf } from '#lib/server/today-of.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const { name, date } = event.params
  if (!isDay(date)) error(404, 'There is no such day.')
  const offset = Number(/^\d{1,9}$/.exec(event.url.searchParams.get('offset') ?? '')?.[0] ?? 0)
  const [plugins, templates, explanation] = await Promise.all([
    engine().plugins.list(user.id),
    engine().templates.list(user.id),
    engine().metrics.explain(user.id, { metric: name, date, offset }),
  ])
  const found = findMetric(name, plugins, templates) ?? findSplit(name, plugins)
  if (!found) error(404, 'There is no such metric.')
  const source = explanation.evidence?.source?.id
  const status = plugins.find(({ plugin }) => plugin.id === source)
  return {
    name,
    date,
    title: found.title,
    form: found.form,
    explanation,
    offset,
    simulated: status?.simulated ?? false,
    /** The page of the source that the value is of, where it has one. */
    sourceHref:
      status && status.state !== null
        ? `/settings/plugins/${status.plugin.id}${status.connectBy === 'upload' ? '/upload' : ''}`
        : null,
    today: todayOf(user),
    timeZone: user.timeZone,
  }
}
