import { pushStream } from '../domain/push-stream.ts'
import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'

const batchSize = 1000

/** Which of a user's fetches are old. */
export interface FetchLimits {
  /** Fetches that broke off, or that newer ones superseded, are deleted when they are older than this moment. */
  unusedBefore: string
  /** By source: the pages of fetches that are older than this moment are deleted. */
  pagesBefore: ReadonlyMap<string, string>
}

interface StoredFetch {
  id: string
  /** Source, account, stream, data type and zone: fetches of one series can supersede each other. */
  series: string
  /** Days since 1970. */
  from: number
  to: number
  isCommitted: boolean
  isUnusedLong: boolean
  hasOldPages: boolean
}

/**
 * Deletes a user's fetches that nothing reads any more: those that broke off, and those whose days newer fetches of the same
 * series cover entirely. Uploads stay. Reads each fetch once, newest first, and changes each batch in a transaction of its
 * own, so that the work grows linearly with the number of fetches and no statement becomes long. Throws an `AggregateError`
 * at the end where batches failed.
 */
export async function pruneFetches(
  database: Database,
  userId: string,
  limits: FetchLimits,
  isStopped: () => boolean,
): Promise<void> {
  const faults: unknown[] = []
  const newer = new Map<string, Set<number>>()
  let before: string | undefined
  while (!isStopped()) {
    const { rows } = await database.asUser(userId, (db) => storedFetches(userId, limits, before).execute(db))
    const unused = rows.filter((fetch) => isUnused(fetch, newer))
    const old = rows.filter(({ hasOldPages }) => hasOldPages)
    try {
      if (unused.length + old.length > 0) await database.asUser(userId, (db) => remove(db, unused, old))
    } catch (error) {
      // One row that cannot be deleted keeps no other batch from it.
      faults.push(error)
    }
    if (rows.length < batchSize) break
    before = rows.at(-1)?.id
  }
  if (faults.length > 0)
    throw new AggregateError(
      faults,
      `${faults.length} batches of fetches were not pruned: ${String(faults[0])}`,
    )
}

/** The next fetches before one of a user, newest first. No delivery of a device replaces an older one. */
export function storedFetches(userId: string, limits: FetchLimits, before: string | undefined) {
  const sources = [...limits.pagesBefore.keys()]
  const moments = [...limits.pagesBefore.values()]
  return sql<StoredFetch>`
    select f.id, array[f.source_id, f.account_id, f.stream, f.data_type, f.zone]::text as series,
      f.from_day - date 'epoch' as "from", f.to_day - date 'epoch' as "to", f.covered_at is not null as "isCommitted",
      coalesce(f.covered_at, f.started_at) < ${limits.unusedBefore}::timestamptz as "isUnusedLong",
      coalesce(f.pages_removed_at is null and f.covered_at < l.moment, false) as "hasOldPages"
    from (
      select * from fetches
      where user_id = ${userId} and upload_id is null and stream <> ${pushStream} and id < ${before ?? '9223372036854775807'}::bigint
      order by id desc limit ${batchSize}
    ) as f left join unnest(${sources}::text[], ${moments}::timestamptz[]) as l (source_id, moment) using (source_id)
    order by f.id desc`
}

/** Whether nothing reads a fetch any more. Adds the days of a committed one to those that newer fetches cover. */
function isUnused(fetch: StoredFetch, newer: Map<string, Set<number>>): boolean {
  if (!fetch.isCommitted) return fetch.isUnusedLong
  const days = newer.get(fetch.series) ?? new Set()
  newer.set(fetch.series, days)
  let isSuperseded = true
  for (let day = fetch.from; day <= fetch.to; day++) {
    if (days.has(day)) continue
    isSuperseded = false
    days.add(day)
  }
  return isSuperseded && fetch.isUnusedLong
}

/** Deletes unused fetches, and the pages of old ones: that those were there, and what they covered, stays known. */
async function remove(db: Transaction, unused: StoredFetch[], old: StoredFetch[]): Promise<void> {
  const idsOf = (fetches: StoredFetch[]) => fetches.map(({ id }) => id)
  const [committed, brokenOff] = [true, false].map((is) =>
    idsOf(unused.filter(({ isCommitted }) => isCommitted === is)),
  )
  // A late attempt may have committed one that had broken off.
  await sql`delete from fetches where id = any(${brokenOff}::bigint[]) and covered_at is null`.execute(db)
  await sql`delete from fetches where id = any(${committed}::bigint[])`.execute(db)
  await sql`update fetches set pages_removed_at = now() where id = any(${idsOf(old)}::bigint[])`.execute(db)
  await sql`delete from raw_pages where fetch_id = any(${idsOf(old)}::bigint[])`.execute(db)
}
