import { audit } from '../audit/audit.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { isUuid } from '../database/is-uuid.ts'
import { migrate } from '../database/migrate.ts'
import { Problem } from '../domain/problem.ts'

/**
 * Takes the second step from a user who lost app and backup codes, and ends all that they are signed in by: until they turn
 * it on again, their password alone signs in. Throws `Problem` 404 for nobody, 409 where there is none.
 */
export async function resetSecondStep(
  database: Database,
  userId: string,
  /** The admin who does it; `null`: the command line. */
  by: string | null,
): Promise<void> {
  if (userId === by)
    throw new Problem(409, 'own-second-step', 'Turn your own off under Settings, Security, by your password.')
  await database.asSystem(async (db) => {
    const known = isUuid(userId)
      ? await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().executeTakeFirst()
      : undefined
    if (!known) throw new Problem(404, 'unknown-user', 'There is no such user.')
    const had = await db
      .deleteFrom('second_steps')
      .where('user_id', '=', userId)
      .where('confirmed_at', 'is not', null)
      .returning('user_id')
      .executeTakeFirst()
    if (!had) throw new Problem(409, 'no-second-step', 'This account has no second step.')
    for (const table of ['backup_codes', 'pending_sign_ins', 'sessions'] as const)
      await db.deleteFrom(table).where('user_id', '=', userId).execute()
    await audit(db, { action: 'second-step.reset', actor: by, subject: userId })
  })
}

/** Does it for an e-mail address, beside an app that runs or not: the way for an admin who lost their own. */
export async function resetSecondStepOf(databaseUrl: string, email: string): Promise<void> {
  await migrate(databaseUrl)
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 })
  try {
    const user = await database.asSystem((db) =>
      db.selectFrom('users').select('id').where('email', '=', email.trim().toLowerCase()).executeTakeFirst(),
    )
    await resetSecondStep(database, user?.id ?? '', null)
  } finally {
    await database.close()
  }
}
