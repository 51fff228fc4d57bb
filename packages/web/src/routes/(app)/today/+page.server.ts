import { redirect } from '@sveltejs/kit'
import { addDays, isDay } from '#lib/days.ts'
import { isFinished } from '#lib/job-status.ts'
import { engine } from '#lib/server/engine.ts'
import { readForm } from '#lib/server/read-form.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import { todayOf } from '#lib/server/today-of.ts'
import { showMetric } from '#lib/templates/show-metric.ts'
import { dayHref } from '#lib/today/day-href.ts'
import { groupMetrics } from '#lib/today/group-metrics.ts'

const daysShown = 14

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const today = todayOf(user)
  const { searchParams } = event.url
  const day = searchParams.get('day') ?? today
  if (!isDay(day) || day > today) redirect(303, '/today')

  const range = { from: addDays(day, 1 - daysShown), to: day }
  const [plugins, { days, incomplete }, templates] = await Promise.all([
    engine().plugins.list(user.id),
    engine().metrics.daily(user.id, range),
    engine().templates.list(user.id),
  ])
  const chosen = searchParams.get('show') === 'all' ? undefined : templates.find((one) => one.chosen)
  return {
    day,
    today,
    days: days.map(({ date }) => date),
    sources: groupMetrics(plugins, days, incomplete),
    template: chosen
      ? { ...chosen, metrics: chosen.metrics.map((metric) => showMetric(metric, plugins, days, incomplete)) }
      : null,
    templates: templates.map(({ id, name }) => ({ id, name })),
    connected: plugins.some((status) => status.connected),
    names: Object.fromEntries(plugins.map(({ plugin }) => [plugin.id, plugin.name])),
    importing: plugins
      .filter(
        ({ connected, job }) => connected && job !== null && !isFinished(job.status) && overlaps(job, range),
      )
      .map(({ plugin }) => plugin.id),
  }
}

export const actions = {
  choose: async (event) => {
    const { user } = await requireVisitor(event)
    const id = String((await readForm(event.request)).get('template') ?? '')
    const { name, metrics } = await engine().templates.get(user.id, id)
    await engine().templates.replace(user.id, id, { name, metrics, chosen: true })
    redirect(303, dayHref(event.url.searchParams.get('day'), false))
  },
}

function overlaps(one: { from: string; to: string }, other: { from: string; to: string }): boolean {
  return one.from <= other.to && other.from <= one.to
}
