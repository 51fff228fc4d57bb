import type { Groups } from '@tributary/api'
import { isFinished } from '../../job-status.ts'
import { finishAuthorization, startAuthorization } from '../authorize.ts'
import { readConnectionSettings } from '../connection-settings.ts'
import { engine } from '../engine.ts'
import { todayOf } from '../today-of.ts'
import { type Handlers, WithStatus } from './handler.ts'

export const pluginHandlers: Handlers<Groups['Sources']> = {
  async listPlugins({ user }) {
    return { plugins: await engine().plugins.list(user.id) }
  },
  readPlugin: ({ user, params, query }) => engine().plugins.get(user.id, params.id, query.connection),
  changeConnection: ({ user, params, query, body }) =>
    engine().plugins.change(
      user.id,
      params.id,
      readConnectionSettings(body, todayOf(user)),
      query.connection,
    ),
  async disconnect({ user, params, query }) {
    const { notice } = await engine().plugins.disconnect(user.id, params.id, {
      deleteData: query.data === 'delete',
      connection: query.connection,
    })
    return { success: true, ...(notice !== null && { notice }) }
  },
  startAuthorization: ({ event, params }) => startAuthorization(event, params.id),
  finishAuthorization: ({ event, params }) => finishAuthorization(event, params.id),
  setKey: ({ user, sessionId, params, query, body }) =>
    engine().plugins.setKey({ user, sessionId }, params.id, body.key, query.connection),
  async readRemap({ user, params, query: { connection } }) {
    const stored = await engine().remaps.stored(user.id, params.id, connection)
    return { stored, remap: await engine().remaps.get(user.id, params.id, connection) }
  },
  async changeRemap({ user, params, query, body: { action } }) {
    const remap = await engine().remaps[action](user.id, params.id, query.connection)
    return new WithStatus(action === 'cancel' ? 200 : 202, { remap })
  },
  async sync({ user, params, query, body: { startDate, endDate } }) {
    const days = {
      ...(startDate !== undefined && { startDate }),
      ...(endDate !== undefined && { endDate }),
    }
    const job = await engine().plugins.sync(user.id, params.id, days, query.connection)
    return new WithStatus(isFinished(job.status) ? 200 : 202, { job })
  },
  readCoverage: ({ user, query: { plugin, connection, from, to } }) =>
    engine().plugins.coverage(user.id, plugin, { from, to }, connection),
  async preferSources({ user, body }) {
    await engine().plugins.prefer(user.id, body.order)
    return { success: true }
  },
}
