import { sql } from 'kysely'
import type { StreamSummary } from '../contract/engine.ts'
import type { ConnectionOf } from '../connections/connection.ts'
import type { Parts } from '../parts.ts'
import { dataTypesOf } from '../sources/data-types.ts'
import { streamDays } from './stream-days.ts'
import { streamsOf } from './streams-of.ts'
import type { JobStatus, JobTrigger } from '../domain/states.ts'
import type { JobCounts } from '../domain/job-counts.ts'

/** Among so many jobs the last of each stream is looked for; the others are not read. */
const newestJobs = 200

/** What each stream of a source has: its first and last day with data, and what the newest job did for it. */
export async function readStreams(
  { database, registry }: Pick<Parts, 'database' | 'registry'>,
  of: ConnectionOf,
): Promise<StreamSummary[]> {
  return database.asUser(of.userId, async (db) => {
    const { plugin, connection, streams } = await streamsOf(db, registry, of)
    const ids = streams.map((stream) => stream.id)
    const account = { ...of, accountId: connection.account_id ?? '' }
    const { rows } = await sql<Row>`
      with newest as materialized (
        select id, trigger, status, created_at, counts from import_jobs where connection_id = ${connection.id}
        order by created_at desc limit ${newestJobs}
      )
      select s.stream, lower(c.days) as first, upper(c.days) - 1 as last, j.id, j.trigger, j.status, j.created_at, j.counts
      from unnest(${ids}::text[]) as s (stream)
      left join (${streamDays(account, dataTypesOf(plugin, ids))}) as c on c.stream = s.stream and c.state = 'has-data'
      left join lateral (
        select id, trigger, status, created_at, counts -> s.stream as counts from newest
        where counts ? s.stream order by created_at desc limit 1) j on true`.execute(db)
    return streams.map((stream) => {
      const row = rows.find((one) => one.stream === stream.id)
      return {
        ...stream,
        first: row?.first ?? null,
        last: row?.last ?? null,
        lastJob: row?.id
          ? {
              id: row.id,
              trigger: row.trigger,
              status: row.status,
              createdAt: row.created_at.toString(),
              counts: row.counts,
            }
          : null,
      }
    })
  })
}

interface Row {
  stream: string
  first: string | null
  last: string | null
  id: string | null
  trigger: JobTrigger
  status: JobStatus
  created_at: Temporal.Instant
  counts: JobCounts
}
