import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { importingStates } from '../connections/connection.ts'
import { lockAllValues } from '../database/locks.ts'
import { requestImport } from '../jobs/request-import.ts'
import { restartJobs } from '../jobs/restart-jobs.ts'
import { lastDays } from '../planning/look-back.ts'
import { recomputeZone } from '../values/recompute-zone.ts'
import type { Registry } from '../sources/registry.ts'

/**
 * Gives a user another time zone: their measured days are cut again, the last days are asked for again, and of what a source
 * cuts by the zone all days.
 */
export async function changeZone(
  db: Transaction,
  registry: Registry,
  userId: string,
  zone: string,
  now: Temporal.Instant,
): Promise<void> {
  const { time_zone } = await db
    .selectFrom('users')
    .select('time_zone')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  if (time_zone === zone) return
  await db.updateTable('users').set({ time_zone: zone, updated_at: now.toString() }).execute()
  // No import writes days of the old zone meanwhile or after.
  await lockAllValues(db, userId)
  await restartJobs(db, userId)
  await recomputeZone(db, userId, zone)
  await forgetDaysByZone(db, registry, userId)
  const connections = await db
    .selectFrom('user_integrations')
    .select(['id', 'user_id', 'source_id'])
    .where('user_id', '=', userId)
    .where('enabled', '=', true)
    .where('state', 'in', importingStates)
    .where('next_sync_at', 'is not', null)
    .execute()
  for (const connection of connections) {
    const days = lastDays(localDay(now, zone))
    await requestImport(db, { connection, trigger: 'schedule', selection: 'due', ...days, now })
  }
}

/** Days that a source cut by the zone of then were never asked by the one of now; what is stored of them stays until they are. */
async function forgetDaysByZone(db: Transaction, registry: Registry, userId: string): Promise<void> {
  const streams = [...registry.handlers.values()].flatMap(({ plugin }) =>
    Object.entries(plugin.streams)
      .filter(([, { daysByZone }]) => daysByZone)
      .map(([stream]) => ({ source: plugin.id, stream })),
  )
  await sql`
    delete from coverage where user_id = ${userId} and (source_id, stream) in (
      select * from unnest(${streams.map(({ source }) => source)}::text[], ${streams.map(({ stream }) => stream)}::text[]))`.execute(
    db,
  )
}
