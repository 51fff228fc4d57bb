import { pagePath } from '#lib/integrations/connection-path.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { endpoints } from '@tributary/api'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const job = await engine().jobs.get(user.id, event.params.id)
  const { after } = readQuery(event.url, endpoints.listRejections.query)
  const [status, streams, found] = await Promise.all([
    engine().plugins.get(user.id, job.pluginId, job.connectionId),
    engine().plugins.streams(user.id, job.pluginId, job.connectionId),
    engine().jobs.rejections(user.id, job.id, { after }),
  ])
  return {
    job,
    source: status.plugin.name,
    sourceHref: status.connectBy === 'upload' ? `/settings/plugins/${job.pluginId}/upload` : pagePath(status),
    streams: streams.map(({ id, name }) => ({ id, name })),
    ...found,
    isFirst: after === undefined,
    timeZone: user.timeZone,
  }
}
