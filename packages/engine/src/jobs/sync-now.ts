import { type ConnectionOf, isLive, readConnection } from '../connections/connection.ts'
import { localDay } from '../domain/clock.ts'
import type { Job } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { requestImport } from './request-import.ts'
import { firstAskedDay, lastDays } from '../planning/look-back.ts'
import { waitForJob } from './wait-for-job.ts'

const patienceMs = 8000

/** A person's request for an import; waits a little for its end. */
export async function syncNow(
  parts: Parts,
  { userId, sourceId: id, connectionId }: ConnectionOf,
  { startDate, endDate }: { startDate?: string; endDate?: string },
): Promise<Job> {
  const { database, clock, registry } = parts
  if (!registry.find(id)) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const jobId = await database.asUser(userId, async (db) => {
    const connection = await readConnection(db, { userId, sourceId: id, connectionId })
    if (!connection || !isLive(connection) || connection.state === 'disconnected') {
      throw new Problem(409, 'not-connected', 'Connect this source before you import from it.')
    }
    if (connection.state === 'needs-reauthorization' || connection.state === 'retired') {
      throw new Problem(409, connection.state, connection.reason ?? 'Connect this source again.')
    }
    if (!connection.enabled) {
      throw new Problem(409, 'switched-off', 'This source is switched off. Switch it on to import from it.')
    }
    const { time_zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    if ((startDate ?? firstAskedDay) < firstAskedDay)
      throw new Problem(400, 'bad-range', `Days are imported from ${firstAskedDay} on.`)
    const usual = lastDays(localDay(clock.now(), time_zone))
    const to = endDate && endDate < usual.to ? endDate : usual.to
    const from = startDate ?? (to < usual.from ? to : usual.from)
    if (from > to) throw new Problem(400, 'bad-range', 'The first day lies after the last, or in the future.')
    const selection = startDate === undefined && endDate === undefined ? 'due' : 'days'
    return requestImport(db, { connection, trigger: 'manual', selection, from, to, now: clock.now() })
  })
  return waitForJob(parts, userId, jobId, patienceMs)
}
