import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import { disconnect } from '../connecting/disconnect.ts'
import { patient, type Transaction } from '../database/database.ts'
import { isUuid } from '../database/is-uuid.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { createAttempts } from './attempts.ts'

/**
 * Removes a user for good: signed out first, so that nothing new begins, then each connection ended and its access given back
 * at the provider, then every row and with them the data key. The audit log stays: of them it
 * knows an id alone. Cut short, it leaves a
 * disabled user, whom an admin can delete again. Gives a sentence for each provider that could not be told.
 */
export async function deleteAccount(given: Parts, userId: string, by: string): Promise<string[]> {
  const parts = { ...given, database: patient(given.database) }
  const { database } = parts
  const email = await shutOut(parts, userId)
  const connections = await database.asUser(userId, (db) =>
    db.selectFrom('user_integrations').select(['id', 'source_id', 'account_id', 'state']).execute(),
  )
  const notices: string[] = []
  for (const { id, source_id, state } of connections) {
    if (state === 'disconnected') continue
    if (!parts.registry.find(source_id)) {
      notices.push(
        `The plugin "${source_id}" is gone, so its service could not be told; remove this app there.`,
      )
      continue
    }
    const { notice } = await disconnect(
      parts,
      { userId, sourceId: source_id, connectionId: id },
      false,
      by === userId ? by : null,
    )
    if (notice !== null) notices.push(notice)
  }
  await database.asUser(userId, async (db) => {
    // Pages refer to bodies that the user's end would remove before them.
    await db.deleteFrom('fetches').where('user_id', '=', userId).execute()
  })
  await database.asSystem(async (db) => {
    for (const { source_id, account_id } of connections)
      if (account_id !== null) await forgetTickets(db, source_id, account_id)
    const there = await db
      .selectFrom('users')
      .select('id')
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirst()
    // Told before the user goes, for the address of this entry goes too.
    if (there) await audit(db, { action: 'account.deleted', actor: by, subject: userId })
    await db.deleteFrom('users').where('id', '=', userId).execute()
    await db.deleteFrom('sign_up_links').where('email', '=', email).execute()
  })
  await createAttempts(parts).forget([
    { kind: 'account', name: email },
    { kind: 'account', name: `${userId} confirms` },
    { kind: 'code', name: userId },
  ])
  return notices
}

/** What a source was asked still counts for the others' limits, but no more as this account's. */
async function forgetTickets(db: Transaction, source: string, account: string): Promise<void> {
  await sql`with own as (
      delete from request_tickets where source_id = ${source} and account_id = ${account} returning *
    ) insert into request_tickets (source_id, client_id, account_id, at) select source_id, client_id, '', at from own`.execute(
    db,
  )
}

/** Disables a user who is about to go, and gives their address. */
async function shutOut(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  userId: string,
): Promise<string> {
  return database.asSystem(async (db) => {
    // Two admins who go at the same moment must not both succeed.
    await sql`lock table users in share row exclusive mode`.execute(db)
    const user = isUuid(userId)
      ? await db.selectFrom('users').select(['email', 'role']).where('id', '=', userId).executeTakeFirst()
      : undefined
    if (!user) throw new Problem(404, 'unknown-user', 'There is no such user.')
    const otherAdmin = await db
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .where('id', '!=', userId)
      .limit(1)
      .executeTakeFirst()
    if (user.role === 'admin' && !otherAdmin)
      throw new Problem(409, 'last-admin', 'One admin has to stay; make somebody else an admin first.')
    const now = clock.now().toString()
    await db
      .updateTable('users')
      .set({ disabled_at: now, updated_at: now })
      .where('id', '=', userId)
      .execute()
    await db.deleteFrom('sessions').where('user_id', '=', userId).execute()
    return user.email
  })
}
