import { sql } from 'kysely'
import { importingStates } from '../connections/connection.ts'

/** So many are taken at once. */
export const mostDue = 1000

// As literals, by which the partial index is found.
export const scheduledStates = sql.join(importingStates.map((state) => sql.lit(state)))

/** The next connections that are due and that no other process takes at this moment, held until the transaction ends. */
export function chooseDue(moment: string) {
  return sql`
    select id, user_id, source_id, next_sync_at from user_integrations
    where enabled and state in (${scheduledStates}) and next_sync_at <= ${moment}::timestamptz
    order by next_sync_at limit ${mostDue}
    for no key update skip locked`
}
