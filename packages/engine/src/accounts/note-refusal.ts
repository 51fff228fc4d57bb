import { audit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'

/**
 * Tells the audit log of a sign-in that was refused, and names the user who was meant. What was typed is not kept: some type
 * their password there.
 */
export async function recordRefusal(
  database: Database,
  email: string,
  step: 'password' | 'code' = 'password',
): Promise<void> {
  await database.asSystem(async (db) => {
    const meant = await db
      .selectFrom('users')
      .select(['id', 'disabled_at'])
      .where('email', '=', email)
      .executeTakeFirst()
    const account = !meant ? 'unknown' : meant.disabled_at === null ? 'known' : 'disabled'
    await audit(db, {
      action: 'session.refused',
      actor: null,
      subject: meant?.id ?? null,
      details: { account, step },
    })
  })
}
