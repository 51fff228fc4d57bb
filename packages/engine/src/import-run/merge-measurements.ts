import { sql } from 'kysely'
import { copyRows } from '../database/copy-rows.ts'
import type { Transaction } from '../database/database.ts'
import { countActions, type MergeCounts, type SeriesOf, type Slice } from './merge.ts'
import type { StagedMeasurement } from './stage-records.ts'

/** The longest that one measurement lasts, so that those which end in a window are found by their start. */
const longestHours = 48

/**
 * Brings the window's slice of measurements to what was staged. It goes by the local day that each belongs to, so that a
 * night which starts before the window lies in it, and one that a source gives beyond it touches nothing.
 */
export async function mergeMeasurements(
  db: Transaction,
  slice: Slice,
  staged: StagedMeasurement[],
  seriesOf: SeriesOf,
): Promise<MergeCounts> {
  if (staged.length === 0 && !(await holdsMeasurements(db, slice)))
    return { new: 0, changed: 0, unchanged: 0, removed: 0 }
  await sql`
    create temporary table if not exists staged_measurements (
      series_id integer not null, start_at timestamptz not null, end_at timestamptz not null,
      value double precision not null) on commit delete rows`.execute(db)
  await copyRows(db, 'staged_measurements', staged, (row, encode) => {
    encode.integer(seriesOf(row))
    encode.timestamp(row.start)
    encode.timestamp(row.end)
    encode.float(row.value)
  })
  const { from, to, zone } = slice
  const belongs = sql`(case f.belongs_to when 'end' then m.end_at else m.start_at end at time zone ${zone})::date`
  await sql`
    delete from staged_measurements as m using series s join source_fields f using (source_id, field)
    where s.id = m.series_id and ${belongs} not between ${from}::date and ${to}::date`.execute(db)
  await sql`analyze staged_measurements`.execute(db)
  const { rows } = await sql<{ action: 'INSERT' | 'UPDATE'; count: number }>`
    with merged as (
      merge into measurements as target using staged_measurements as staged
      on target.series_id = staged.series_id and target.start_at = staged.start_at
      when matched and (target.end_at, target.value) is distinct from (staged.end_at, staged.value)
        then update set end_at = staged.end_at, value = staged.value
      when not matched then insert values (staged.series_id, staged.start_at, staged.end_at, staged.value)
      returning merge_action() as action
    )
    select action, count(*)::integer as count from merged group by action`.execute(db)
  const { numAffectedRows: removed } = await sql`
    delete from measurements as m using series s join source_fields f using (source_id, field)
    where s.id = m.series_id and s.user_id = ${slice.userId} and s.source_id = ${slice.sourceId}
      and s.account_id = ${slice.accountId} and s.field = any(${slice.fields})
      and m.start_at >= (${from}::timestamp at time zone ${zone}) - make_interval(hours => ${longestHours})
      and m.start_at < (${to}::date + 1)::timestamp at time zone ${zone}
      and ${belongs} between ${from}::date and ${to}::date
      and not exists (select from staged_measurements as staged
        where staged.series_id = m.series_id and staged.start_at = m.start_at)`.execute(db)
  const { rows: counted } = await sql<{ count: number }>`
    select count(*)::integer as count from staged_measurements`.execute(db)
  return countActions(rows, counted[0]?.count ?? 0, Number(removed ?? 0))
}

async function holdsMeasurements(db: Transaction, slice: Slice): Promise<boolean> {
  const { rows } = await sql`
    select from series s where s.user_id = ${slice.userId} and s.source_id = ${slice.sourceId}
      and s.account_id = ${slice.accountId} and s.field = any(${slice.fields})
      and exists (select from measurements m where m.series_id = s.id) limit 1`.execute(db)
  return rows.length > 0
}
