import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Account } from '../import-run/find-series.ts'
import { compare } from '../import-run/merge.ts'
import { dropOverruled } from './drop-overruled.ts'
import type { Reread } from './stage-window.ts'

/** A window of a remap with what its answers say now. */
export interface NumberedReread extends Reread {
  number: number
}

/** Notes where what is stored differs from what stored answers say now, for windows of one zone; writes no value. */
export async function noteDifferences(
  db: Transaction,
  remapId: string,
  account: Account,
  zone: string,
  windows: NumberedReread[],
): Promise<void> {
  if (windows.length === 0) return
  const { days, measurements } = await compare(
    db,
    account,
    zone,
    windows.map(({ window }) => window),
  )
  const numbers = windows.map(({ number }) => number)
  if (days.length > 0) {
    await sql`
      insert into remap_days (remap_id, number, series_id, day, value, text_value, action)
      select ${remapId}, * from unnest(${days.map(({ window }) => numbers[window])}::integer[],
        ${days.map(({ series_id }) => series_id)}::integer[], ${days.map(({ day }) => day)}::date[],
        ${days.map(({ value }) => value)}::float8[], ${days.map(({ text_value }) => text_value)}::text[],
        ${days.map(({ action }) => action)}::text[])`.execute(db)
  }
  if (measurements.found.length > 0) {
    const differing = measurements.nothingStored
      ? sql`select number, series_id, start_at, end_at, value, 'new' from staged_measurements`
      : sql`select number, series_id, start_at, end_at, value, action from differing_measurements`
    await sql`
      insert into remap_measurements (remap_id, number, series_id, start_at, end_at, value, action)
      select ${remapId}, (${numbers}::integer[])[number + 1], series_id, start_at, end_at, value, action
      from (${differing}) as d (number, series_id, start_at, end_at, value, action)
      on conflict (remap_id, series_id, start_at)
        do update set number = excluded.number, end_at = excluded.end_at, value = excluded.value, action = excluded.action
        where (select fetch_id from remap_windows w where w.remap_id = excluded.remap_id and w.number = excluded.number) >
          (select fetch_id from remap_windows w where w.remap_id = remap_measurements.remap_id and w.number = remap_measurements.number)
    `.execute(db)
  }
  await dropOverruled(db, remapId, numbers)
  await sql`
    update remap_windows w set state = 'compared', unread = said.unread,
      filled = (select coalesce(array_agg(day::date), '{}') from jsonb_array_elements_text(said.days) as day),
      unsettled = (select coalesce(array_agg(day::date), '{}') from jsonb_array_elements_text(said.open) as day)
    from unnest(${numbers}::integer[], ${windows.map(({ unread }) => unread)}::boolean[],
      ${windows.map(({ filled }) => JSON.stringify(filled))}::jsonb[],
      ${windows.map(({ window }) => JSON.stringify(window.staged.unsettled))}::jsonb[]) as said (number, unread, days, open)
    where w.remap_id = ${remapId} and w.number = said.number`.execute(db)
}
