import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import { isEmail } from '../accounts/create-account.ts'
import { createSignUpLink, validDays } from '../accounts/sign-up-links.ts'
import type { Transaction } from '../database/database.ts'
import type { Admin, AdminUser } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { isUuid } from '../database/is-uuid.ts'

async function readUsers(db: Transaction, id?: string): Promise<AdminUser[]> {
  let query = db
    .selectFrom('users')
    .select(['id', 'name', 'email', 'role', 'disabled_at', 'created_at'])
    .select([
      sql<Temporal.Instant | null>`(select max(updated_at) from sessions where user_id = users.id)`.as(
        'last_seen_at',
      ),
      sql<boolean>`exists (select from second_steps where user_id = users.id and confirmed_at is not null)`.as(
        'second_step',
      ),
    ])
  if (id !== undefined) query = query.where('id', '=', id)
  const rows = await query.orderBy('created_at').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    disabled: row.disabled_at !== null,
    secondStep: row.second_step,
    createdAt: row.created_at.toString(),
    lastSeenAt: row.last_seen_at?.toString() ?? null,
  }))
}

export function listUsers({ database }: Parts): Promise<AdminUser[]> {
  return database.asSystem((db) => readUsers(db))
}

/** Makes a one-time link by which somebody makes an account of their own. */
export async function invite(
  { database, clock, configuration, settings }: Parts,
  by: string,
  { email, role }: Parameters<Admin['invite']>[1],
): ReturnType<Admin['invite']> {
  const base = (await configuration.get('global.base_url')) ?? settings.publicUrl
  return database.asSystem(async (db) => {
    const address = email?.trim().toLowerCase() ?? null
    if (address !== null) {
      if (!isEmail(address)) throw new Problem(422, 'bad-email', 'This is no e-mail address.')
      const taken = await db.selectFrom('users').select('id').where('email', '=', address).executeTakeFirst()
      if (taken)
        throw new Problem(409, 'email-taken', 'There is an account with this e-mail address already.')
    }
    const token = await createSignUpLink(db, clock.now(), { role, email: address })
    await audit(db, {
      action: 'user.invited',
      actor: by,
      subject: null,
      // Not the address: it would stay here when its owner's account is gone.
      details: { role },
    })
    return {
      link: `${base}/set-up/${token}`,
      expiresAt: clock
        .now()
        .add({ hours: validDays * 24 })
        .toString(),
    }
  })
}

/** Disables, enables, makes admin or takes it back; all sessions of who may do something else than before end. */
export async function changeUser(
  { database, clock }: Parts,
  by: string,
  id: string,
  { disabled, role }: Parameters<Admin['changeUser']>[2],
): Promise<AdminUser> {
  return database.asSystem(async (db) => {
    // Two admins who disable each other at the same moment must not both succeed.
    await sql`lock table users in share row exclusive mode`.execute(db)
    const now = clock.now().toString()
    const changed = isUuid(id)
      ? await db
          .updateTable('users')
          .set({
            ...(disabled === undefined ? {} : { disabled_at: disabled ? now : null }),
            ...(role === undefined ? {} : { role }),
            updated_at: now,
          })
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst()
      : undefined
    if (!changed) throw new Problem(404, 'unknown-user', 'There is no such user.')
    const admins = await db
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .execute()
    if (admins.length === 0)
      throw new Problem(409, 'last-admin', 'One admin has to stay; make somebody else an admin first.')
    const about = { actor: by, subject: id }
    if (disabled !== undefined)
      await audit(db, { action: disabled ? 'user.disabled' : 'user.enabled', ...about })
    if (role !== undefined) await audit(db, { action: 'user.role-changed', ...about, details: { role } })
    if (disabled !== undefined || role !== undefined)
      await db.deleteFrom('sessions').where('user_id', '=', id).execute()
    const [user] = await readUsers(db, id)
    if (!user) throw new Problem(404, 'unknown-user', 'There is no such user.')
    return user
  })
}
