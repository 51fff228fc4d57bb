import { localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { requestImport } from '../jobs/request-import.ts'
import { lastDays } from '../jobs/sync-window.ts'
import { recomputeZone } from '../metrics/recompute-zone.ts'

/** Gives a user another time zone: their measured days are cut anew, and the last days are asked for again. */
export async function changeZone(
  db: Transaction,
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
  await recomputeZone(db, userId, zone)
  const connections = await db
    .selectFrom('user_integrations')
    .select(['id', 'user_id', 'source_id'])
    .where('user_id', '=', userId)
    .where('enabled', '=', true)
    .where('state', 'in', ['connected', 'retrying'])
    .where('next_sync_at', 'is not', null)
    .execute()
  for (const connection of connections) {
    const days = lastDays(localDay(now, zone))
    await requestImport(db, { connection, trigger: 'schedule', asks: 'due', ...days, now })
  }
}
