import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { publishChanges } from './record-changes.ts'
import { allKinds, always, writeKinds } from './roll-up-kinds.ts'

/**
 * Removes all daily values that a source gave to a user, whose series are gone already, and recomputes the kinds without it. The
 * recorded changes from and to its values go too, and this one is only published: a number that a person removes is in none.
 */
export async function removeDailyValues(db: Transaction, userId: string, sourceId: string): Promise<void> {
  const by = { userId, cause: 'removed' } as const
  const { rows } = await sql<{ metric: string; day: string }>`
    delete from daily_metric_values where user_id = ${userId} and source = ${sourceId} and basis <> 'manual'
    returning metric_name as metric, day`.execute(db)
  await forgetChanges(db, userId, sourceId)
  await publishChanges(db, by, [...rows, ...(await writeKinds(db, by, await allKinds(db), always))])
}

/** Deletes the recorded changes from and to values of a source. */
export async function forgetChanges(db: Transaction, userId: string, sourceId: string): Promise<void> {
  await sql`
    delete from value_changes where user_id = ${userId} and ${sourceId} in (before_source, after_source)`.execute(
    db,
  )
}
