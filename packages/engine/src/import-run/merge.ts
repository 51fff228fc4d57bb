import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { mergeMeasurements } from './merge-measurements.ts'
import type { Staged, StagedDay } from './stage-records.ts'

/** The part of a user's data that a window speaks of: what is missing in it is gone at the source. */
export interface Slice {
  userId: string
  sourceId: string
  accountId: string
  fields: string[]
  from: string
  to: string
  zone: string
}

export interface MergeCounts {
  new: number
  changed: number
  unchanged: number
  removed: number
}

/** Brings the window's slice to what was staged: new in, changed updated, gone removed, unchanged not written. */
export async function merge(db: Transaction, slice: Slice, staged: Staged): Promise<MergeCounts> {
  const seriesOf = await findSeries(db, slice, staged)
  const days = await mergeDays(db, slice, staged.days, seriesOf)
  const measurements = await mergeMeasurements(db, slice, staged.measurements, seriesOf)
  return {
    new: days.new + measurements.new,
    changed: days.changed + measurements.changed,
    unchanged: days.unchanged + measurements.unchanged,
    removed: days.removed + measurements.removed,
  }
}

export type SeriesOf = (record: { field: string; dimension: string; origin: string }) => number

/** Finds the series of all records, and makes those that are not there yet. */
async function findSeries(db: Transaction, slice: Slice, staged: Staged): Promise<SeriesOf> {
  const wanted = new Map<string, { field: string; dimension: string; origin: string }>()
  for (const record of [...staged.days, ...staged.measurements]) {
    const { field, dimension, origin } = record
    wanted.set(JSON.stringify([field, dimension, origin]), { field, dimension, origin })
  }
  const { userId, sourceId, accountId } = slice
  const known = new Map<string, number>()
  async function read(): Promise<void> {
    const rows = await db
      .selectFrom('series')
      .select(['id', 'field', 'dimension', 'origin'])
      .where('user_id', '=', userId)
      .where('source_id', '=', sourceId)
      .where('account_id', '=', accountId)
      .where('field', 'in', slice.fields)
      .execute()
    for (const { id, field, dimension, origin } of rows)
      known.set(JSON.stringify([field, dimension, origin]), id)
  }
  await read()
  const missing = [...wanted].filter(([key]) => !known.has(key)).map(([, series]) => series)
  if (missing.length > 0) {
    await db
      .insertInto('series')
      .values(
        missing.map((series) => ({ user_id: userId, source_id: sourceId, account_id: accountId, ...series })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await read()
  }
  return ({ field, dimension, origin }) => {
    const id = known.get(JSON.stringify([field, dimension, origin]))
    if (id === undefined) throw new Error(`no series for ${field}`)
    return id
  }
}

async function mergeDays(
  db: Transaction,
  slice: Slice,
  days: StagedDay[],
  seriesOf: SeriesOf,
): Promise<MergeCounts> {
  const staged = sql`
    select * from unnest(${days.map(seriesOf)}::integer[], ${days.map((d) => d.day)}::date[],
      ${days.map((d) => d.value)}::float8[], ${days.map((d) => d.text)}::text[]) as s (series_id, day, value, text_value)`
  const { rows } = await sql<{ action: 'INSERT' | 'UPDATE'; count: number }>`
    with merged as (
      merge into daily_records as target using (${staged}) as staged
      on target.series_id = staged.series_id and target.day = staged.day
      when matched and (target.value, target.text_value) is distinct from (staged.value, staged.text_value)
        then update set value = staged.value, text_value = staged.text_value
      when not matched then insert values (staged.series_id, staged.day, staged.value, staged.text_value)
      returning merge_action() as action
    )
    select action, count(*)::integer as count from merged group by action`.execute(db)
  const { numAffectedRows: removed } = await sql`
    delete from daily_records as target using series
    where series.id = target.series_id and series.user_id = ${slice.userId} and series.source_id = ${slice.sourceId}
      and series.account_id = ${slice.accountId} and series.field = any(${slice.fields})
      and target.day between ${slice.from} and ${slice.to}
      and not exists (select from (${staged}) as staged
        where staged.series_id = target.series_id and staged.day = target.day)`.execute(db)
  return countActions(rows, days.length, Number(removed ?? 0))
}

/** What a MERGE reported, counted; what it left alone was unchanged. */
export function countActions(
  rows: { action: 'INSERT' | 'UPDATE'; count: number }[],
  staged: number,
  removed: number,
): MergeCounts {
  const of = (action: string) => rows.find((row) => row.action === action)?.count ?? 0
  const [added, changed] = [of('INSERT'), of('UPDATE')]
  return { new: added, changed, unchanged: staged - added - changed, removed }
}
