import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'

/** Removes scopes that a source refused from those granted: they are not used again until the user connects again. */
export async function forgetScopes(db: Transaction, connectionId: string, scopes: string[]): Promise<void> {
  await sql`
    update user_integrations set scopes = array(select unnest(scopes) except select unnest(${scopes}::text[]))
    where id = ${connectionId} and scopes is not null`.execute(db)
}
