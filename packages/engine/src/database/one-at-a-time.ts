import { sql } from 'kysely'
import type { Transaction } from './database.ts'

/**
 * Lets a user do a thing once at a time, until the transaction ends: what is counted before it is added to is then counted
 * right, also by requests that come at the same moment.
 */
export async function oneAtATime(db: Transaction, userId: string, what: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${what} of ${userId}`}, 0))`.execute(db)
}
