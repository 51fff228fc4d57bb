import { redirect } from '@sveltejs/kit'
import { addDays, isDay } from '#lib/days.ts'
import { isFinished } from '#lib/job-status.ts'
import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import { groupMetrics } from '#lib/today/group-metrics.ts'

const daysShown = 14

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const today = engine().now().toZonedDateTimeISO(user.timeZone).toPlainDate().toString()
  const day = event.url.searchParams.get('day') ?? today
  if (!isDay(day) || day > today) redirect(303, '/today')

  const range = { from: addDays(day, 1 - daysShown), to: day }
  const [plugins, { days }] = await Promise.all([
    engine().plugins.list(user.id),
    engine().metrics.daily(user.id, range),
  ])
  return {
    day,
    today,
    days: days.map(({ date }) => date),
    sources: groupMetrics(plugins, days),
    connected: plugins.some((status) => status.connected),
    importing: plugins
      .filter(
        ({ connected, job }) => connected && job !== null && !isFinished(job.status) && overlaps(job, range),
      )
      .map(({ plugin }) => plugin.name),
  }
}

function overlaps(one: { from: string; to: string }, other: { from: string; to: string }): boolean {
  return one.from <= other.to && other.from <= one.to
}
