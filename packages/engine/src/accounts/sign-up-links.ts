import { createHash, randomBytes } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import type { Clock } from '../domain/clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { Settings } from '../configuration/settings.ts'
import { createAccount } from './create-account.ts'
import { lockInstallation } from '../database/locks.ts'

/** How long a one-time link works. */
export const validDays = 7

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Makes a one-time link's token; the database keeps its hash alone. */
export async function createSignUpLink(
  db: Transaction,
  now: Temporal.Instant,
  { role, email = null }: { role: 'user' | 'admin'; email?: string | null },
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db
    .insertInto('sign_up_links')
    .values({
      token_hash: hashOf(token),
      role,
      email,
      expires_at: now.add({ hours: validDays * 24 }).toString(),
    })
    .execute()
  return token
}

/** What a token is good for; with `consume` it is used up. */
export async function readSignUpLink(db: Transaction, now: Temporal.Instant, token: string, consume = false) {
  const row = consume
    ? await db
        .deleteFrom('sign_up_links')
        .where('token_hash', '=', hashOf(token))
        .returning(['role', 'email', 'expires_at'])
        .executeTakeFirst()
    : await db
        .selectFrom('sign_up_links')
        .select(['role', 'email', 'expires_at'])
        .where('token_hash', '=', hashOf(token))
        .executeTakeFirst()
  if (!row || Temporal.Instant.compare(row.expires_at, now) <= 0) return null
  return { role: row.role, email: row.email }
}

/**
 * On an empty database: makes the first admin from the settings, or gives the token of a set-up link. `undefined`: somebody
 * is there already.
 */
export async function beginSetUp(
  database: Database,
  clock: Clock,
  { admin }: Settings,
): Promise<string | undefined> {
  return database.asSystem(async (db) => {
    // Of processes that start at the same moment one makes the admin.
    await lockInstallation(db, 'first account')
    const someone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
    if (someone) return undefined
    if (!admin) return createSignUpLink(db, clock.now(), { role: 'admin' })
    const id = await createAccount(db, { name: admin.email.split('@')[0] ?? 'Admin', ...admin }, 'admin')
    await audit(db, { action: 'account.created', actor: null, subject: id, details: { role: 'admin' } })
    return undefined
  })
}
