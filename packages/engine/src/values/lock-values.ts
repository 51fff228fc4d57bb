import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'

/**
 * Keeps everybody else from writing values of a connection until the transaction ends. Whoever writes some takes this first,
 * then the job's row, then what it writes: in this order nobody waits for one who waits for them.
 */
export async function holdValues(db: Transaction, connectionId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('values ' || ${connectionId}))`.execute(db)
}

/** The same for the connection to one source of a user, or for all that they have. */
export async function holdValuesOf(db: Transaction, userId: string, sourceId?: string): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtext('values ' || id)) from (
      select id from user_integrations
      where user_id = ${userId} ${sourceId === undefined ? sql`` : sql`and source_id = ${sourceId}`}
      order by id) as connections`.execute(db)
}
