import { sql } from 'kysely'
import { importingStates } from '../connections/connection.ts'

/** So many are taken at once. */
export const mostDue = 1000

// As literals, by which the partial index is found.
export const scheduledStates = sql.join(importingStates.map((state) => sql.lit(state)))

/**
 * The next connections that are due and that no other process takes at this moment, locked until the transaction ends, with
 * their users' zones; with an id that one alone.
 */
export function chooseDue(moment: string, id?: string) {
  return sql`
    with due as (
      select id, user_id from user_integrations
      where enabled and state in (${scheduledStates}) and next_sync_at <= ${moment}::timestamptz
        ${id === undefined ? sql`` : sql`and id = ${id}`}
      order by next_sync_at limit ${mostDue}
      for no key update skip locked
    )
    select due.id, u.time_zone from due join users u on u.id = due.user_id`
}
