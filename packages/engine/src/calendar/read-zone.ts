import type { Transaction } from '../database/database.ts'

/** The time zone that a user chose. */
export async function readZone(db: Transaction, userId: string): Promise<string> {
  const { time_zone } = await db
    .selectFrom('users')
    .select('time_zone')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return time_zone
}
