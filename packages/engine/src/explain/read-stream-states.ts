import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DayState } from '../engine.ts'
import type { DayOf } from './day-of.ts'

/** What is known of a day, by stream; a stream that is not in it was never asked. */
export async function readStreamStates(
  db: Transaction,
  { userId, sourceId, accountId, day }: DayOf,
): Promise<Map<string, DayState>> {
  const { rows } = await sql<{ stream: string; state: DayState }>`
    select stream, state from coverage
    where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId}
      and days @> ${day}::date`.execute(db)
  return new Map(rows.map(({ stream, state }) => [stream, state]))
}
