import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DailyValue } from '../contract/engine.ts'

export interface KindField {
  sourceId: string
  field: string
  value: DailyValue
  /** Its source's place in the user's order; `null` where the user set none. */
  preference: number | null
  /** The retired source whose place it has on the day; `null` where it has its own. */
  replaces: string | null
}

/** The fields of a kind with what each says of a day, in the order in which they are merged. */
export async function readKindFields(
  db: Transaction,
  userId: string,
  kind: string,
  day: string,
): Promise<KindField[]> {
  const { rows } = await sql<Row>`
    with successors as (
      select distinct on (c.source_id) c.source_id, retired.name as replaces, retired.retired_since as since, before.preference, before.created_at
      from integration_sources retired
      join first_connections c on c.source_id = retired.successor and c.preference is null
      join first_connections before on before.source_id = retired.id and before.user_id = c.user_id
      where c.user_id = ${userId} and retired.retired_since <= ${day}
        and exists (select from source_fields f where f.source_id = retired.id and f.kind = ${kind})
      order by c.source_id, before.preference nulls last, before.created_at, retired.retired_since
    )
    select f.source_id, f.field, d.value, d.text_value, c.preference, h.replaces
    from source_fields f
    left join first_connections c on c.user_id = ${userId} and c.source_id = f.source_id
    left join successors h on h.source_id = f.source_id
    left join daily_metric_values d
      on d.user_id = ${userId} and d.metric_name = f.source_id || '.' || f.field and d.day = ${day}
    where f.kind = ${kind} and (c.state <> 'disconnected' or d.day is not null)
    order by coalesce(c.preference, h.preference) nulls last, least(c.created_at, h.created_at) nulls last,
      h.since nulls last, f.source_id, f.field`.execute(db)
  return rows.map(({ source_id, field, value, text_value, preference, replaces }) => ({
    sourceId: source_id,
    field,
    value: value ?? text_value,
    preference,
    replaces,
  }))
}

interface Row {
  source_id: string
  field: string
  value: number | null
  text_value: string | null
  preference: number | null
  replaces: string | null
}
