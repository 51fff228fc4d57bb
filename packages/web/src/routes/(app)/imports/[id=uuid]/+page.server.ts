import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { rejectionQuery } from '#lib/server/rejection-query.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const job = await engine().jobs.get(user.id, event.params.id)
  const { after } = readQuery(event.url, rejectionQuery)
  const [status, streams, found] = await Promise.all([
    engine().plugins.get(user.id, job.pluginId),
    engine().plugins.streams(user.id, job.pluginId),
    engine().jobs.rejections(user.id, job.id, { after }),
  ])
  return {
    job,
    source: status.plugin.name,
    sourceHref: `/settings/plugins/${job.pluginId}${status.connectBy === 'upload' ? '/upload' : ''}`,
    streams: streams.map(({ id, name }) => ({ id, name })),
    ...found,
    isFirst: after === undefined,
    timeZone: user.timeZone,
  }
}
