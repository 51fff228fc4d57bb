import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Difference, IdOf, Slice, StagedWindow } from './staged-window.ts'

/** A daily record that is to become another. */
export interface DayChange {
  series_id: number
  day: string
  value: number | null
  text_value: string | null
  window: number
  action: Difference['action']
}

/** Finds where the stored daily records of some slices differ from the staged ones. */
export async function compareDays(
  db: Transaction,
  slices: Slice[],
  windows: StagedWindow[],
  idOf: IdOf,
): Promise<DayChange[]> {
  const staged = windows.flatMap(({ staged: { days } }, window) =>
    days.map((day) => ({ ...day, window, id: idOf(window, day.series) })),
  )
  const { rows } = await sql<DayChange>`
    with held as (
      select r.*, slice.number
      from unnest(${slices.map(({ seriesId }) => seriesId)}::integer[], ${slices.map(({ window }) => window)}::integer[],
        ${slices.map(({ from }) => from)}::date[], ${slices.map(({ to }) => to)}::date[])
        as slice (series_id, number, from_day, to_day)
      join daily_records r on r.series_id = slice.series_id and r.day between slice.from_day and slice.to_day
    ), staged as (
      select * from unnest(${staged.map(({ id }) => id)}::integer[], ${staged.map(({ day }) => day)}::date[],
        ${staged.map(({ value }) => value)}::float8[], ${staged.map(({ text }) => text)}::text[],
        ${staged.map(({ window }) => window)}::integer[]) as s (series_id, day, value, text_value, number)
    )
    select series_id, day::text, staged.value, staged.text_value, coalesce(staged.number, held.number) as window,
      case when held.number is null then 'new' when staged.number is null then 'removed' else 'changed' end as action
    from staged full join held using (series_id, day)
    where held.number is null or staged.number is null
      or (staged.value, staged.text_value) is distinct from (held.value, held.text_value)`.execute(db)
  const mayBeRejected = ({ window, day }: DayChange) => {
    const days = windows[window]?.staged.unreadableDays ?? []
    return days === 'all' || days.includes(day)
  }
  return rows.filter((change) => change.action !== 'removed' || !mayBeRejected(change))
}

/** Writes what differs. */
export async function applyDays(db: Transaction, changes: DayChange[]): Promise<void> {
  if (changes.length === 0) return
  await sql`
    with changes as (
      select * from unnest(${changes.map(({ series_id }) => series_id)}::integer[],
        ${changes.map(({ day }) => day)}::date[], ${changes.map(({ value }) => value)}::float8[],
        ${changes.map(({ text_value }) => text_value)}::text[], ${changes.map(({ action }) => action)}::text[])
        as c (series_id, day, value, text_value, action)
    ), gone as (
      delete from daily_records r using changes c
      where c.action = 'removed' and r.series_id = c.series_id and r.day = c.day
    )
    insert into daily_records (series_id, day, value, text_value)
    select series_id, day, value, text_value from changes where action <> 'removed'
    on conflict (series_id, day) do update set value = excluded.value, text_value = excluded.text_value`.execute(
    db,
  )
}
