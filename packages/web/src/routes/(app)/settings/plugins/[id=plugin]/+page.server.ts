import { redirect } from '@sveltejs/kit'
import { addMonths, firstDay, isMonth, lastDay } from '#lib/coverage/months.ts'
import { isConnection } from '#lib/integrations/connection-words.ts'
import { connectionOf } from '#lib/server/connection-of.ts'
import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import { todayOf } from '#lib/server/today-of.ts'

const monthsShown = 3

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const { id } = event.params
  const status = await engine().plugins.get(user.id, id, connectionOf(event.url))
  if (status.connectBy === 'upload') redirect(303, `/settings/plugins/${id}/upload`)
  if (!isConnection(status) && status.lastSync === null) redirect(303, '/settings/plugins')

  const connection = status.connection ?? undefined
  const today = todayOf(user)
  const { searchParams } = event.url
  const wanted = searchParams.get('month') ?? ''
  const newest = today.slice(0, 7)
  const month = isMonth(wanted) && wanted < newest ? wanted : newest
  const months = Array.from({ length: monthsShown }, (_, index) => addMonths(month, index + 1 - monthsShown))
  const { successor } = status.plugin
  // Counts every stored answer, which takes long after years: the page does not wait for it.
  const stored = engine().remaps.stored(user.id, id, connection)
  stored.catch(() => {})
  const [coverage, streams, jobs, remap, plugins] = await Promise.all([
    engine().plugins.coverage(
      user.id,
      id,
      { from: firstDay(months[0] ?? month), to: lastDay(month) },
      connection,
    ),
    engine().plugins.streams(user.id, id, connection),
    engine().jobs.list(user.id, { plugin: id, connection }),
    engine().remaps.get(user.id, id, connection),
    successor === null ? [] : engine().plugins.list(user.id),
  ])
  const stream = searchParams.get('stream')
  // Days may have been imported from before the depth.
  const oldest =
    [status.history?.from ?? today, ...streams.flatMap(({ first }) => first ?? [])].sort()[0] ?? today
  return {
    status,
    successor: plugins.find(({ plugin }) => plugin.id === successor) ?? null,
    isAdmin: user.role === 'admin',
    coverage,
    streams,
    jobs,
    stored,
    remap,
    months,
    month,
    earlier: (months[0] ?? month) > oldest.slice(0, 7) ? addMonths(month, -monthsShown) : null,
    later: month < newest ? [addMonths(month, monthsShown), newest].sort()[0] : null,
    connection: connectionOf(event.url) ?? null,
    stream: streams.some((one) => one.id === stream) ? stream : null,
    today,
    now: engine().now().epochMilliseconds,
    timeZone: user.timeZone,
  }
}
