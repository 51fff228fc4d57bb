import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { EvidenceRecord } from '../contract/engine.ts'
import type { DayOf } from './day-of.ts'

export interface FoundRecords {
  /** The account that the record which counts is of; `null` where no record does. */
  accountId: string | null
  records: Omit<EvidenceRecord, 'counts'>[]
}

/**
 * What the source itself says of a day, the record that counts first, as the roll-up chooses it: that of the newest upload,
 * then of the account that is connected, then the first origin. They are those of the account whose counts.
 */
export async function readRecords(
  db: Transaction,
  { userId, sourceId, accountId, field, day }: DayOf,
): Promise<FoundRecords> {
  const { rows } = await sql<Row>`
    select r.value, r.text_value, s.account_id, s.dimension, s.origin, u.file_name
    from series s join daily_records r on r.series_id = s.id
    left join user_integrations c on c.user_id = s.user_id and c.source_id = s.source_id and c.account_id = s.account_id
    left join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
    where s.user_id = ${userId} and s.source_id = ${sourceId} and s.field = ${field} and r.day = ${day} and u.replaced_by is null
    order by s.dimension, s.layer desc, c.created_at nulls last, c.id, s.account_id, s.origin`.execute(db)
  const [first] = rows
  const account = first && first.dimension === '' ? first.account_id : null
  return {
    accountId: account,
    records: rows
      .filter(({ account_id }) => account_id === (account ?? accountId))
      .map(({ value, text_value, dimension, origin, file_name }) => ({
        value: value ?? text_value,
        dimension,
        origin,
        file: file_name,
      })),
  }
}

interface Row {
  value: number | null
  text_value: string | null
  account_id: string
  dimension: string
  origin: string
  file_name: string | null
}
