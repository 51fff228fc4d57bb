import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { FetchOfDay } from '../contract/engine.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import type { DayOf } from './day-of.ts'
import { type JobRow, jobColumns, toJobOf } from './job-of.ts'

const shownPages = 100
const shownRejections = 20

interface FetchRow extends JobRow {
  id: string
  from_day: string
  to_day: string
  zone: string | null
  mapping_version: number | null
  covered_at: Temporal.Instant
}

/** The fetch that a data type's day was last written from. */
export async function readFetch(
  db: Transaction,
  { userId, sourceId, accountId, day }: DayOf,
  { stream, dataType }: StreamDataType,
): Promise<FetchOfDay | null> {
  const { rows } = await sql<FetchRow>`
    select f.id, f.from_day, f.to_day, f.zone, f.mapping_version, f.covered_at, ${jobColumns}
    from fetches f left join import_jobs j on j.id = f.job_id
    where f.user_id = ${userId} and f.source_id = ${sourceId} and f.account_id = ${accountId} and f.stream = ${stream}
      and f.data_type = ${dataType} and ${day} between f.from_day and f.to_day and f.covered_at is not null
    order by f.covered_at desc, f.id desc limit 1`.execute(db)
  return rows[0] ? describe(db, rows[0], day) : null
}

/** The fetches of the files that have a value of a field's day, the newest first. */
export async function readFileFetches(
  db: Transaction,
  { userId, sourceId, accountId, field, day, zone }: DayOf,
): Promise<{ file: string; fetch: FetchOfDay }[]> {
  const { rows } = await sql<FetchRow & { file_name: string }>`
    select u.file_name, f.id, coalesce(u.from_day, f.from_day) as from_day, coalesce(u.to_day, f.to_day) as to_day,
      f.zone, f.mapping_version, f.covered_at, ${jobColumns}
    from uploads u join fetches f on f.upload_id = u.id left join import_jobs j on j.upload_id = u.id
    where u.user_id = ${userId} and u.source_id = ${sourceId} and f.covered_at is not null
      and u.replaced_by is null and exists (
      select from series s where s.user_id = u.user_id and s.source_id = u.source_id and s.account_id = ${accountId}
        and s.layer = u.layer and s.field = ${field} and (
          exists (select from daily_records r where r.series_id = s.id and r.day = ${day})
          or exists (select from measurements m where m.series_id = s.id
            and (m.start_at at time zone ${zone})::date = ${day}::date)))
    order by u.layer desc`.execute(db)
  const found = []
  for (const row of rows) found.push({ file: row.file_name, fetch: await describe(db, row, day) })
  return found
}

type Rejection = Omit<FetchOfDay['rejections'][number], 'path'> & { path: string | null }

async function describe(db: Transaction, fetch: FetchRow, day: string): Promise<FetchOfDay> {
  const { rows: pages } = await sql<{ page: number; received_at: Temporal.Instant }>`
    select page, received_at from raw_pages where fetch_id = ${fetch.id} order by page limit ${shownPages}`.execute(
    db,
  )
  const { rows: rejections } = await sql<Rejection & { all: number }>`
    select code, path, page, reason, record, count(*) over ()::integer as all
    from import_rejections where fetch_id = ${fetch.id}
    order by record ->> 'date' = ${day} desc nulls last, id limit ${shownRejections}`.execute(db)
  return {
    id: fetch.id,
    from: fetch.from_day,
    to: fetch.to_day,
    zone: fetch.zone,
    mappingVersion: fetch.mapping_version,
    coveredAt: fetch.covered_at.toString(),
    pages: pages.map(({ page, received_at }) => ({ page, receivedAt: received_at.toString() })),
    job: toJobOf(fetch),
    rejected: rejections[0]?.all ?? 0,
    rejections: rejections.map(({ all: _, path, ...rejection }) => ({
      ...rejection,
      ...(path === null ? {} : { path }),
    })),
  }
}
