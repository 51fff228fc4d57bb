import { sql } from 'kysely'
import type { PluginDeclaration } from '@tributary/plugin-sdk'
import type { Database, Transaction } from '../database/database.ts'
import type { RemapPreview } from '../contract/engine.ts'
import { applyDifferences } from './apply-differences.ts'
import type { RemapRow } from './remap.ts'
import { lockValues } from '../database/locks.ts'

const shownDifferences = 20

/** Carries what was seen out of a transaction that is taken back. */
class Seen extends Error {
  readonly preview: RemapPreview

  constructor(preview: RemapPreview) {
    super('taken back')
    this.preview = preview
  }
}

/** What a remap would change: it is written, compared with what was there, and taken back. */
export async function previewRemap(
  database: Database,
  remap: RemapRow,
  plugin: PluginDeclaration,
  at: { zone: string; now: Temporal.Instant },
): Promise<RemapPreview> {
  try {
    return await database.asUser(remap.user_id, async (db) => {
      const counts = await countDifferences(db, remap.id)
      if (counts.records + counts.measurements === 0) return { ...counts, dailyValues: 0, largest: [] }
      await lockValues(db, remap.user_id, remap.source_id)
      await sql`create temporary table values_before on commit drop as
        select metric_name, day, value, text_value from daily_metric_values where user_id = ${remap.user_id}`.execute(
        db,
      )
      await applyDifferences(db, remap, plugin, at)
      throw new Seen({ ...counts, ...(await compareValues(db, remap.user_id)) })
    })
  } catch (error) {
    if (error instanceof Seen) return error.preview
    throw error
  }
}

async function countDifferences(db: Transaction, remapId: string) {
  const { rows } = await sql<{ records: number; measurements: number; unreadable: number }>`
    select (select count(*)::integer from remap_days where remap_id = ${remapId}) as records,
      (select count(*)::integer from remap_measurements where remap_id = ${remapId}) as measurements,
      (select count(*)::integer from remap_windows where remap_id = ${remapId} and state = 'unreadable') as unreadable
  `.execute(db)
  return rows[0] ?? { records: 0, measurements: 0, unreadable: 0 }
}

async function compareValues(db: Transaction, userId: string) {
  const { rows } = await sql<{
    metric: string
    date: string
    from: number | string | null
    to: number | string | null
    total: number
  }>`
    select metric_name as metric, day::text as date, to_json(coalesce(b.value::text, b.text_value)) #>> '{}' as "from",
      to_json(coalesce(a.value::text, a.text_value)) #>> '{}' as "to", count(*) over ()::integer as total
    from values_before b full join (select * from daily_metric_values where user_id = ${userId}) a using (metric_name, day)
    where (a.value, a.text_value) is distinct from (b.value, b.text_value)
    order by metric_name like 'metric.%', abs(a.value - b.value) / nullif(greatest(abs(a.value), abs(b.value)), 0) desc nulls first, day desc
    limit ${shownDifferences}`.execute(db)
  return {
    dailyValues: rows[0]?.total ?? 0,
    largest: rows.map(({ metric, date, from, to }) => ({
      metric,
      date,
      from: toValue(from),
      to: toValue(to),
    })),
  }
}

function toValue(text: number | string | null): number | string | null {
  return text === null || Number.isNaN(Number(text)) ? text : Number(text)
}
