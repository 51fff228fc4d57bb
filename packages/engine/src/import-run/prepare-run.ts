import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'
import { localDay } from '../domain/clock.ts'
import { isLive, type LiveConnection } from '../connections/connection.ts'
import { cancelJobs, cancelReasons } from '../jobs/cancel-jobs.ts'
import { planRanges } from '../planning/plan-ranges.ts'
import type { Parts } from '../parts.ts'
import { planWindows } from '../planning/plan-windows.ts'
import type { ImportJob } from '../database/schema.ts'

/**
 * Reads for whom and when a claimed job asks, and plans its windows. A job that its user no longer wants is cancelled, and
 * there is nothing to run: it was asked for at the moment at which others were taken back.
 */
export async function prepareRun(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  job: ImportJob,
  plugin: PluginDeclaration,
) {
  return database.asUser(job.user_id, async (db) => {
    const row = await db
      .selectFrom('user_integrations')
      .innerJoin('users', 'users.id', 'user_integrations.user_id')
      .selectAll('user_integrations')
      .select('users.time_zone')
      .where('user_integrations.id', '=', job.connection_id)
      .executeTakeFirstOrThrow()
    const connection: LiveConnection = requireLive(row)
    const reason = whyCancelled(job, connection)
    if (reason !== undefined) {
      await cancelJobs(db, { id: job.id }, reason, clock.now())
      return undefined
    }
    const done = await db
      .selectFrom('fetches')
      .select('id')
      .where('job_id', '=', job.id)
      .where('covered_at', 'is not', null)
      .execute()
    const today = localDay(clock.now(), row.time_zone)
    const { planned, granted, ungranted } = await planRanges(db, plugin, {
      job,
      connection,
      zone: row.time_zone,
      today,
    })
    const windows = planWindows(plugin, planned)
    return { connection, zone: row.time_zone, windows, granted, ungranted, done: done.length }
  })
}

function whyCancelled(job: ImportJob, connection: LiveConnection): string | undefined {
  if (!connection.enabled) return cancelReasons.switchedOff
  if (job.selection === 'never-fetched' && connection.history_paused) return cancelReasons.historyPaused
  return undefined
}

function requireLive(connection: Parameters<typeof isLive>[0]): LiveConnection {
  if (isLive(connection)) return connection
  throw new ImportError('reauthorize', 'The connection was ended; connect again.')
}
