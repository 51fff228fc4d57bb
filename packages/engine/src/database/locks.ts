import { sql } from 'kysely'
import type { Transaction } from './database.ts'

/*
 * Every advisory lock of Tributary. A transaction that takes several takes them in this order, so that no two wait for each
 * other; locks of rows come where it says so:
 *
 *   1. migrations      one process brings the schema up to date (a lock of the session)
 *   2. installation    one transaction each: the first account, the encryption keys, the rows of sources
 *   3. export          one export of a user at a time
 *   4. user            whatever is counted before it is added to: API tokens, templates, viewed days
 *   5. values          whoever writes values of a user's source; after it the row of the job
 *   6. bodies          shared by whoever stores pages; exclusive for whoever deletes bodies that no page names
 *   7. kinds           whoever rolls up the kinds of a user, or records changes of their values
 *
 * The function `take_ticket` in `migrations/` locks the requests of a source and client, in a transaction of its own.
 */

/** Takes the lock under which one process at a time migrates; its connection releases it by ending. */
export const lockMigrations = "select pg_advisory_lock(hashtextextended('migrations', 0))"

const key = (what: string, id = '') => sql`hashtextextended(${`${what} ${id}`}, 0)`

async function lock(db: Transaction, what: string, id?: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${key(what, id)})`.execute(db)
}

/** Lets one transaction of all processes at a time do something that an installation has once. */
export function lockInstallation(db: Transaction, what: 'first account' | 'keys' | 'sources'): Promise<void> {
  return lock(db, what)
}

/** Whether no other export of this user is under way; this one then keeps others from starting. */
export async function tryLockExport(db: Transaction, userId: string): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${key('export', userId)}) as mine`.execute(db)
  return rows[0]?.mine === true
}

/**
 * Lets a user do a thing once at a time: what is counted before it is added to is then counted right, also by requests that
 * come at the same moment.
 */
export function lockForUser(
  db: Transaction,
  userId: string,
  what: 'tokens' | 'templates' | 'viewed days',
): Promise<void> {
  return lock(db, what, userId)
}

/**
 * Keeps every other transaction from writing values of a user's source: the connections of one source share its daily values.
 * Whoever writes values takes it before the job's row.
 */
export function lockValues(db: Transaction, userId: string, sourceId: string): Promise<void> {
  return lock(db, 'values', `${userId} ${sourceId}`)
}

/** `lockValues` for every source that a user has or had. */
export async function lockAllValues(db: Transaction, userId: string): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended('values ' || ${userId}::text || ' ' || source_id, 0)) from (
      select distinct source_id from user_integrations where user_id = ${userId} order by source_id) as sources`.execute(
    db,
  )
}

/** Keeps pages from being written, which may name bodies, while bodies that no page names are deleted. */
export function lockBodies(db: Transaction, userId: string): Promise<void> {
  return lock(db, 'bodies', userId)
}

/** The expression by which a statement that writes pages shares the lock of their bodies. */
export const shareBodies = (userId: string) => sql`pg_advisory_xact_lock_shared(${key('bodies', userId)})`

/** Keeps two imports of one user from rolling up the same kinds: the second waits and sees what the first wrote. */
export function lockKinds(db: Transaction, userId: string): Promise<void> {
  return lock(db, 'kinds', userId)
}
