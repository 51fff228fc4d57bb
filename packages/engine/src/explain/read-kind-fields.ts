import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DailyValue } from '../engine.ts'

export interface KindField {
  sourceId: string
  field: string
  value: DailyValue
  /** Its source's place in the user's order; `null` where the user set none. */
  preference: number | null
}

/** The fields of a kind with what each says of a day, in the order in which they are asked. */
export async function readKindFields(
  db: Transaction,
  userId: string,
  kind: string,
  day: string,
): Promise<KindField[]> {
  const { rows } = await sql<Row>`
    select f.source_id, f.field, d.value, d.text_value, c.preference
    from source_fields f
    left join user_integrations c on c.user_id = ${userId} and c.source_id = f.source_id
    left join daily_metric_values d
      on d.user_id = ${userId} and d.metric_name = f.source_id || '.' || f.field and d.day = ${day}
    where f.kind = ${kind} and (c.state <> 'disconnected' or d.day is not null)
    order by c.preference nulls last, c.created_at nulls last, f.source_id, f.field`.execute(db)
  return rows.map(({ source_id, field, value, text_value, preference }) => ({
    sourceId: source_id,
    field,
    value: value ?? text_value,
    preference,
  }))
}

interface Row {
  source_id: string
  field: string
  value: number | null
  text_value: string | null
  preference: number | null
}
