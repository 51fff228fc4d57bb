import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { copyMeasurements, createStagedMeasurements } from './copy-measurements.ts'
import type { Difference, IdOf, Slice, StagedWindow } from './merge.ts'

/** The longest that one measurement lasts, so that those which end in a window are found by their start. */
const longestMs = 48 * 3_600_000
/** Fewer rows than this need no more room to be hashed in. */
const manyRows = 1000

export interface MeasurementDifferences {
  found: Difference[]
  /** Nothing was stored in the slices: what was staged is all new. */
  nothingStored: boolean
}

/** Finds where the stored measurements of some slices differ from the staged ones; notes it in the session's tables. */
export async function compareMeasurements(
  db: Transaction,
  slices: Slice[],
  windows: StagedWindow[],
  idOf: IdOf,
): Promise<MeasurementDifferences> {
  const counts = windows.map(({ staged }) => staged.measurements.length)
  const staged = counts.reduce((sum, count) => sum + count, 0)
  const measured = slices.filter((slice) => slice.measured)
  if (staged === 0 && measured.length === 0) return { found: [], nothingStored: true }
  const held = heldIn(measured)
  const nothingStored = measured.length === 0 || !(await isAny(db, held))
  if (staged === 0 && nothingStored) return { found: [], nothingStored }

  await createStagedMeasurements(db)
  for (const [
    window,
    {
      staged: { measurements },
    },
  ] of windows.entries())
    await copyMeasurements(db, measurements, (series) => idOf(window, series), window)
  if (nothingStored) {
    const found = counts.map((count, window) => ({ window, seriesId: 0, action: 'new' as const, count }))
    return { found: found.filter(({ count }) => count > 0), nothingStored }
  }
  await createDiffering(db)
  if (staged >= manyRows) await sql`set local work_mem = '64MB'`.execute(db)
  const { rows } = await sql<Difference>`
    with held as (${held}), differing as (
      insert into differing_measurements
      select series_id, start_at, staged.end_at, staged.value, coalesce(staged.number, held.number),
        case when held.number is null then 'new' when staged.number is null then 'removed' else 'changed' end
      from staged_measurements staged full join held using (series_id, start_at)
      where held.number is null or (staged.number is null and not held.keeps_all)
        or (staged.end_at, staged.value) is distinct from (held.end_at, held.value) and staged.number is not null
      returning number, series_id, action
    )
    select number as window, series_id as "seriesId", action, count(*)::integer as count
    from differing group by number, series_id, action`.execute(db)
  return { found: rows, nothingStored }
}

/** Writes what differs, but for doubtful windows. */
export async function applyMeasurements(
  db: Transaction,
  { found, nothingStored }: MeasurementDifferences,
  doubtful: number[],
): Promise<void> {
  const wanted = found.filter(({ window }) => !doubtful.includes(window))
  if (wanted.length === 0) return
  if (nothingStored) {
    await sql`
      insert into measurements (series_id, start_at, end_at, value)
      select series_id, start_at, end_at, value from staged_measurements`.execute(db)
    return
  }
  if (wanted.some(({ action }) => action === 'removed')) {
    await sql`
      delete from measurements m using differing_measurements d
      where d.action = 'removed' and d.number <> all(${doubtful}) and m.series_id = d.series_id and m.start_at = d.start_at
    `.execute(db)
  }
  if (wanted.some(({ action }) => action !== 'removed')) {
    await sql`
      insert into measurements (series_id, start_at, end_at, value)
      select series_id, start_at, end_at, value from differing_measurements
      where action <> 'removed' and number <> all(${doubtful})
      on conflict (series_id, start_at) do update set end_at = excluded.end_at, value = excluded.value`.execute(
      db,
    )
  }
}

async function createDiffering(db: Transaction): Promise<void> {
  await sql`
    create temporary table if not exists differing_measurements (
      series_id integer not null, start_at timestamptz not null, end_at timestamptz, value double precision,
      number integer not null, action text not null) on commit delete rows`.execute(db)
}

/**
 * The stored measurements of some slices, each with the number of its window. The slices are made beforehand: row-level
 * security lets no function that sees a row run before its own check, and so no index.
 */
function heldIn(slices: Slice[]) {
  const lookFrom = slices.map(({ start, byEnd }) => (byEnd ? start - longestMs : start) / 1000)
  return sql`
    with slice as materialized (
      select series_id, number, to_timestamp(look_from) as look_from, to_timestamp(start_at) as start_at,
        to_timestamp(end_at) as end_at, by_end, keeps_all
      from unnest(${slices.map(({ seriesId }) => seriesId)}::integer[], ${slices.map(({ window }) => window)}::integer[],
        ${lookFrom}::float8[], ${slices.map(({ start }) => start / 1000)}::float8[],
        ${slices.map(({ end }) => end / 1000)}::float8[], ${slices.map(({ byEnd }) => byEnd)}::boolean[],
        ${slices.map(({ keepsAll }) => keepsAll)}::boolean[])
        as s (series_id, number, look_from, start_at, end_at, by_end, keeps_all)
    )
    select m.*, slice.number, slice.keeps_all from slice cross join lateral (
      select * from measurements m
      where m.series_id = slice.series_id and m.start_at >= slice.look_from and m.start_at < slice.end_at
        and (not slice.by_end or m.end_at >= slice.start_at and m.end_at < slice.end_at)
      offset 0) as m`
}

async function isAny(db: Transaction, held: ReturnType<typeof heldIn>): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select exists (${held}) as any`.execute(db)
  return rows[0]?.any ?? false
}
