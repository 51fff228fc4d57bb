import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { EvidenceRecord } from '../engine.ts'
import type { DayOf } from './day-of.ts'

/** What the source itself says of a day, the record that counts first: that of the newest upload, then the first origin. */
export async function readRecords(
  db: Transaction,
  { userId, sourceId, accountId, field, day }: DayOf,
): Promise<Omit<EvidenceRecord, 'counts'>[]> {
  const { rows } = await sql<Row>`
    select r.value, r.text_value, s.dimension, s.origin, u.file_name
    from series s join daily_records r on r.series_id = s.id
    left join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
    where s.user_id = ${userId} and s.source_id = ${sourceId} and s.account_id = ${accountId} and s.field = ${field}
      and r.day = ${day}
    order by s.dimension, s.layer desc, s.origin`.execute(db)
  return rows.map(({ value, text_value, dimension, origin, file_name }) => ({
    value: value ?? text_value,
    dimension,
    origin,
    file: file_name,
  }))
}

interface Row {
  value: number | null
  text_value: string | null
  dimension: string
  origin: string
  file_name: string | null
}
