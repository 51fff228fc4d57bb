import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { rollUpAll } from './roll-up-all.ts'

/**
 * Recomputes all days of a user's measurements, cut by another zone. What a source itself said of a day stays as it is.
 * Whoever calls it has locked the values of the user, and has had running imports start again.
 */
export async function recomputeZone(db: Transaction, userId: string, zone: string): Promise<void> {
  await forgetEdges(db, userId)
  await rollUpAll(db, { userId, cause: 'time-zone' }, zone)
}

/**
 * Of days that were asked the first and the last of each row are no longer known: in the zone of now they are of hours of which
 * some were not asked. History and syncs ask them again.
 */
async function forgetEdges(db: Transaction, userId: string): Promise<void> {
  await sql`
    with known as (
      select source_id, account_id, stream, data_type, range_agg(part) as days
      from coverage, unnest(days) as part where user_id = ${userId} group by source_id, account_id, stream, data_type
    ), edges as (
      select source_id, account_id, stream, data_type,
        range_agg(daterange(lower(part), lower(part) + 1)) + range_agg(daterange(upper(part) - 1, upper(part))) as days
      from known, unnest(days) as part group by source_id, account_id, stream, data_type
    )
    update coverage c set days = c.days - e.days from edges e
    where c.user_id = ${userId} and c.source_id = e.source_id and c.account_id = e.account_id and c.stream = e.stream
      and c.data_type = e.data_type and c.days && e.days`.execute(db)
}
