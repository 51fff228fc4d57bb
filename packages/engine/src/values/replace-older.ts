import { type RawBuilder, sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Layer } from './write-layer.ts'
import type { DayRange } from '../domain/day-ranges.ts'

/** An upload whose layer was just written. */
export interface WrittenUpload extends Layer {
  id: string
  /** What files of one program have in common; `null` where nothing is known of it. */
  fileKind: string | null
  days: DayRange
  /** The user's IANA time zone. */
  zone: string
}

/** What an upload means for the user's older ones. */
export interface Succession {
  /** Values that an older upload had: with another value, or with the same. */
  changed: number
  unchanged: number
  /** Values of replaced uploads that this one leaves out. */
  removed: number
  replaced: { layer: number; fileName: string; removed: number }[]
  /** Older uploads that still count on days that this one leaves out, the newest first. */
  remaining: { fileName: string; days: number }[]
}

/**
 * Replaces the older uploads that a new one is a later version of: files of one kind whose columns and days it has all, and
 * half of whose values or more it repeats. A replaced upload no longer counts until the new one is undone.
 */
export async function replaceOlder(db: Transaction, upload: WrittenUpload): Promise<Succession> {
  const older = await compareWithOlder(db, upload)
  const versions = older.filter((one) => one.isSameKind && one.same * 2 >= one.total)
  const replaced = versions
    .filter(({ isWithin }) => isWithin)
    .map(({ layer, fileName, total, matched }) => ({ layer, fileName, removed: total - matched }))
  if (replaced.length > 0)
    await db
      .updateTable('uploads')
      .set({ replaced_by: upload.id })
      .where('user_id', '=', upload.userId)
      .where('source_id', '=', upload.sourceId)
      .where(
        'layer',
        'in',
        replaced.map(({ layer }) => layer),
      )
      .execute()
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
  return {
    changed: sum(older.map(({ changed }) => changed)),
    unchanged: sum(older.map(({ unchanged }) => unchanged)),
    removed: sum(replaced.map(({ removed }) => removed)),
    replaced,
    remaining: await readRemaining(
      db,
      upload,
      versions.map(({ layer }) => layer),
    ),
  }
}

/** Takes back what an earlier attempt of the same upload replaced, so that this one compares and counts the same. */
export async function forgetSuccession(db: Transaction, { id }: Pick<WrittenUpload, 'id'>): Promise<void> {
  await db.updateTable('uploads').set({ replaced_by: null }).where('replaced_by', '=', id).execute()
}

interface OlderUpload {
  layer: number
  fileName: string
  /** Whether the new upload is of its kind and has all its columns. */
  isSameKind: boolean
  /** Whether the new upload has all its days. */
  isWithin: boolean
  /** Its values, those that the new upload has a value for, and those that it repeats. */
  total: number
  matched: number
  same: number
  /** Of those that count before the new upload. */
  changed: number
  unchanged: number
}

/** Compares the values of older uploads with those of the new one, by series and day or instant. */
async function compareWithOlder(db: Transaction, upload: WrittenUpload): Promise<OlderUpload[]> {
  const { fileKind, days } = upload
  const { rows } = await sql<OlderUpload>`
    with ${seriesOf(upload)}, compared as (
      select o.layer, m.series_id is not null as matched,
        (m.value, m.text_value) is not distinct from (r.value, r.text_value) as same,
        o.layer = max(o.layer) over (partition by o.mine, r.day) as counted
      from older o join daily_records r on r.series_id = o.id
      left join daily_records m on m.series_id = o.mine and m.day = r.day
      union all
      select o.layer, m.series_id is not null, (m.value, m.end_at) is not distinct from (r.value, r.end_at),
        o.layer = max(o.layer) over (partition by o.mine, r.start_at)
      from older o join measurements r on r.series_id = o.id
      left join measurements m on m.series_id = o.mine and m.start_at = r.start_at
    ), counts as (
      select layer, count(*)::integer as total, count(*) filter (where matched)::integer as matched,
        count(*) filter (where matched and same)::integer as same,
        count(*) filter (where matched and counted and not same)::integer as changed,
        count(*) filter (where matched and counted and same)::integer as unchanged
      from compared group by layer
    )
    select layer, u.file_name as "fileName", total, matched, same, changed, unchanged,
      coalesce(u.file_kind = ${fileKind}, false)
        and not exists (select from older o where o.layer = counts.layer and o.field not in (select field from mine))
        as "isSameKind",
      u.from_day >= ${days.from} and u.to_day <= ${days.to} as "isWithin"
    from counts join uploads u using (layer)
    where u.user_id = ${upload.userId} and u.source_id = ${upload.sourceId}
    order by layer desc`.execute(db)
  return rows
}

/**
 * On how many days each older upload still counts because all newer ones leave them out: days within the new one's range,
 * and of its older versions all.
 */
async function readRemaining(
  db: Transaction,
  upload: WrittenUpload,
  versions: number[],
): Promise<{ fileName: string; days: number }[]> {
  const { days, zone } = upload
  const { rows } = await sql<{ fileName: string; days: number }>`
    with ${seriesOf(upload)}, spoken as (
      select field, layer, r.day from (select id, field, layer from mine union all select id, field, layer from older) as s
      join daily_records r on r.series_id = s.id
      union
      select field, layer, (m.start_at at time zone ${zone})::date
      from (select id, field, layer from mine union all select id, field, layer from older) as s
      join measurements m on m.series_id = s.id
    ), counting as (
      select distinct on (field, day) layer, day from spoken
      where field in (select field from mine)
        and (day between ${days.from} and ${days.to} or layer = any(${versions}::integer[]))
      order by field, day, layer desc
    )
    select u.file_name as "fileName", count(distinct day)::integer as days
    from counting join uploads u using (layer)
    where u.user_id = ${upload.userId} and u.source_id = ${upload.sourceId} and layer < ${upload.layer}
    group by layer, u.file_name order by layer desc`.execute(db)
  return rows
}

/** The new upload's series, `mine`, and those of older uploads that count and overlap its days, `older`. */
function seriesOf({ userId, sourceId, layer, days }: WrittenUpload): RawBuilder<unknown> {
  return sql`
    mine as materialized (
      select id, layer, field, dimension, origin from series
      where user_id = ${userId} and source_id = ${sourceId} and layer = ${layer}
    ), older as materialized (
      select s.id, s.layer, s.field, mine.id as mine
      from series s join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
      left join mine on mine.field = s.field and mine.dimension = s.dimension and mine.origin = s.origin
      where s.user_id = ${userId} and s.source_id = ${sourceId} and s.layer between 1 and ${layer - 1}
        and u.replaced_by is null and u.from_day <= ${days.to} and u.to_day >= ${days.from}
    )`
}
