import type { Database } from '../database/database.ts'
import type { Log } from '../runtime/log.ts'
import { findZone } from './time-zones.ts'

/**
 * Gives every user's zone the name by which this database knows it: the database may have moved to a server that knows other
 * names. The zone stays the same, so that no day is cut again. A user whose zone is unknown keeps it, and the log says so.
 */
export async function renameZones(database: Database, log: Log): Promise<void> {
  const users = await database.asSystem((db) => db.selectFrom('users').select(['id', 'time_zone']).execute())
  for (const stored of new Set(users.map(({ time_zone }) => time_zone))) {
    const zone = await database.asSystem((db) => findZone(db, stored))
    if (zone === stored) continue
    for (const { id } of users.filter(({ time_zone }) => time_zone === stored)) {
      try {
        if (zone === undefined)
          log.error({ user: id, zone: stored }, 'the database does not know the time zone of a user')
        else await renameZone(database, id, stored, zone)
      } catch (err) {
        log.error({ user: id, zone: stored, err }, 'the time zone of a user could not be renamed')
      }
    }
  }
}

async function renameZone(database: Database, userId: string, from: string, to: string): Promise<void> {
  await database.asUser(
    userId,
    async (db) => {
      await db.updateTable('users').set({ time_zone: to }).where('id', '=', userId).execute()
      // What was fetched for the days of this zone is still of its days.
      await db
        .updateTable('fetches')
        .set({ zone: to })
        .where('user_id', '=', userId)
        .where('zone', '=', from)
        .execute()
    },
    { long: true },
  )
}
