import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DayState } from '../contract/engine.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import type { DayOf } from './day-of.ts'

/** What is known of a data type's day. */
export async function readDayState(
  db: Transaction,
  { userId, sourceId, accountId, day }: DayOf,
  { stream, dataType }: StreamDataType,
): Promise<DayState> {
  const { rows } = await sql<{ state: DayState }>`
    select state from coverage
    where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId}
      and stream = ${stream} and data_type = ${dataType} and days @> ${day}::date`.execute(db)
  return rows[0]?.state ?? 'never-asked'
}
