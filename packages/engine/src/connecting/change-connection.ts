import type { ConnectionSettings } from '../contract/engine.ts'
import { firstAskedDay } from '../planning/look-back.ts'
import { requestBackfill } from '../jobs/request-backfill.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { changeDetail, checkDetail } from './check-detail.ts'
import { type ConnectionOf, readConnection } from '../connections/connection.ts'
import { cancelBackfill } from '../jobs/cancel-jobs.ts'
import { cancelJobs, cancelReasons } from '../jobs/cancel-jobs.ts'
import { isDay, localDay } from '../domain/clock.ts'

/** Changes what a user may set of a connection; a history that is deeper or goes on is asked for at once. */
export async function changeConnection(
  { database, registry, clock }: Parts,
  { userId, sourceId: id, connectionId }: ConnectionOf,
  { name, enabled, streams, historyFrom, historyPaused, keepEvery }: ConnectionSettings,
): Promise<void> {
  const plugin = registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const known = Object.keys(plugin.streams)
  if (historyFrom !== undefined && !(isDay(historyFrom) && historyFrom <= localDay(clock.now(), 'UTC'))) {
    throw new Problem(422, 'bad-day', 'History begins at a day in the past, such as 2024-01-31.')
  }
  if (historyFrom !== undefined && historyFrom < firstAskedDay)
    throw new Problem(422, 'bad-day', `History begins at ${firstAskedDay} or later.`)
  const unknown = streams?.find((stream) => !known.includes(stream))
  if (unknown !== undefined)
    throw new Problem(422, 'unknown-stream', `${plugin.name} has no stream "${unknown}".`)
  if (keepEvery) checkDetail(plugin, keepEvery)
  await database.asUser(userId, async (db) => {
    const connection = await readConnection(db, { userId, sourceId: id, connectionId })
    if (!connection) throw new Problem(404, 'not-connected', 'This source is not connected.')
    // The jobs first, then their connection: as a job that ends takes them.
    if (enabled === false) {
      await cancelJobs(db, { connection_id: connection.id }, cancelReasons.switchedOff, clock.now())
    }
    if (historyPaused) await cancelBackfill(db, connection, clock.now())
    await db
      .updateTable('user_integrations')
      .set({
        ...(name === undefined ? {} : { name: name.trim() || null }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(streams === undefined
          ? {}
          : { disabled_streams: known.filter((stream) => !streams.includes(stream)) }),
        ...(historyFrom === undefined ? {} : { history_from: historyFrom }),
        ...(historyPaused === undefined ? {} : { history_paused: historyPaused }),
        ...(keepEvery && { keep_every: JSON.stringify(changeDetail(connection.keep_every, keepEvery)) }),
        updated_at: clock.now().toString(),
      })
      .where('id', '=', connection.id)
      .execute()
    await requestBackfill(db, plugin, connection.id, clock.now())
  })
}
