import type { Database } from '../database/database.ts'
import { Problem } from '../domain/problem.ts'

/** Lets admins pass, and nobody else. */
export async function requireAdmin(database: Database, userId: string): Promise<void> {
  const user = await database.asUser(userId, (db) =>
    db.selectFrom('users').select(['role', 'disabled_at']).executeTakeFirst(),
  )
  if (user?.role !== 'admin' || user.disabled_at !== null)
    throw new Problem(403, 'forbidden', 'Only an admin can do this.')
}
