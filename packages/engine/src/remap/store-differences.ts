import { sql } from 'kysely'
import { toMicroseconds } from '../database/binary-times.ts'
import { copyRows } from '../database/copy-rows.ts'
import type { Transaction } from '../database/database.ts'
import type { SeriesDifferences } from '../values/compare-measurements.ts'
import { toJson } from '../archive/store-rejections.ts'
import { compare } from '../values/merge.ts'
import { dropOverruled } from './drop-overruled.ts'
import type { Reread } from './stage-window.ts'
import type { SourceAccount } from '../domain/source-account.ts'

/** A window of a remap with what its answers say now. */
export interface NumberedReread extends Reread {
  number: number
  hoursOnly: boolean
}

/** Notes where what is stored differs from what stored answers say now, for windows of one zone; writes no value. */
export async function storeDifferences(
  db: Transaction,
  remapId: string,
  account: SourceAccount,
  zone: string,
  windows: NumberedReread[],
): Promise<void> {
  if (windows.length === 0) return
  const { days: records, measurements } = await compare(
    db,
    account,
    zone,
    windows.map(({ window }) => window),
  )
  const days = records.filter(({ window }) => !windows[window]?.hoursOnly)
  const numbers = windows.map(({ number }) => number)
  if (days.length > 0) {
    await sql`
      insert into remap_days (remap_id, number, series_id, day, value, text_value, action)
      select ${remapId}, * from unnest(${days.map(({ window }) => numbers[window])}::integer[],
        ${days.map(({ series_id }) => series_id)}::integer[], ${days.map(({ day }) => day)}::date[],
        ${days.map(({ value }) => value)}::float8[], ${days.map(({ text_value }) => text_value)}::text[],
        ${days.map(({ action }) => action)}::text[])`.execute(db)
  }
  await noteMeasurements(db, remapId, measurements, (window) => numbers[window] ?? 0)
  await dropOverruled(db, remapId, numbers)
  await sql`
    update remap_windows w set state = 'compared', too_many_rejected = said.too_many_rejected, rejections = said.rejections,
      filled = (select coalesce(array_agg(day::date), '{}') from jsonb_array_elements_text(said.days) as day),
      unsettled = (select coalesce(array_agg(day::date), '{}') from jsonb_array_elements_text(said.open) as day)
    from unnest(${numbers}::integer[], ${windows.map(({ tooManyRejected }) => tooManyRejected)}::boolean[],
      ${windows.map(({ filled }) => JSON.stringify(filled))}::jsonb[],
      ${windows.map(({ window }) => JSON.stringify(window.staged.unsettled))}::jsonb[],
      ${windows.map(({ window }) => toJson(window.staged.rejections))}::jsonb[]) as said (number, too_many_rejected, days, open, rejections)
    where w.remap_id = ${remapId} and w.number = said.number`.execute(db)
}

async function noteMeasurements(
  db: Transaction,
  remapId: string,
  differences: SeriesDifferences[],
  numberOf: (window: number) => number,
): Promise<void> {
  if (differences.length === 0) return
  await sql`
    create temporary table if not exists differing_measurements (
      number integer not null, series_id integer not null, start_at timestamptz not null, end_at timestamptz,
      value double precision, action text not null) on commit delete rows`.execute(db)
  await copyRows(
    db,
    'differing_measurements',
    eachIn(differences),
    ({ of, action, start, position }, encode) => {
      encode.integer(numberOf(of.window))
      encode.integer(of.seriesId)
      encode.time(start)
      if (position === undefined) {
        encode.null()
        encode.null()
      } else {
        encode.time(toMicroseconds(of.staged.end[position] ?? 0))
        encode.float(of.staged.value[position] ?? 0)
      }
      encode.word(action)
    },
  )
  await sql`
    insert into remap_measurements (remap_id, number, series_id, start_at, end_at, value, action)
    select ${remapId}, number, series_id, start_at, end_at, value, action from differing_measurements`.execute(
    db,
  )
}

function* eachIn(differences: SeriesDifferences[]) {
  for (const of of differences) {
    const startOf = (position: number) => toMicroseconds(of.staged.start[position] ?? 0)
    for (const position of of.added) yield { of, action: 'new', start: startOf(position), position }
    for (const position of of.changed) yield { of, action: 'changed', start: startOf(position), position }
    for (const start of of.removed) yield { of, action: 'removed', start, position: undefined }
  }
}
