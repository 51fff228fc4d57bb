import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { LiveConnection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { PlannedType } from './plan-windows.ts'
import { dataTypesOf, isSameType, type StreamDataType } from '../sources/data-types.ts'
import { daysInTurn, joinRanges, type DayRange } from '../domain/day-ranges.ts'
import { readRanges } from './read-ranges.ts'
import { planStream } from './plan-stream.ts'
import { type WantedStreams, wantedStreams } from './wanted-streams.ts'
import type { ImportJob } from '../database/schema.ts'

/** So many days beside its look-back a job for what is due asks of a stream at most; the next one goes on. */
const mostOwed = 90

export interface JobPlan extends WantedStreams {
  /** In the order in which they are declared. */
  planned: PlannedType[]
}

/** The days that a job asks of each data type of each stream, the newest first. */
export async function planRanges(
  db: Transaction,
  plugin: PluginDeclaration,
  {
    job,
    connection,
    zone,
    today,
  }: { job: ImportJob; connection: LiveConnection; zone: string; today: string },
): Promise<JobPlan> {
  const { granted, ungranted } = wantedStreams(plugin, connection, job.streams)
  const since = localDay(connection.created_at, zone)
  const types = dataTypesOf(plugin, granted)
  const synced = job.selection === 'due' ? await lastSynced(db, connection, types) : []
  const plans = types.map((type) => {
    const at = synced.find((other) => isSameType(type, other))?.startedAt
    return planStream(plugin, type, job, connection, { since, synced: at ? localDay(at, zone) : null, today })
  })
  const found = await readRanges(db, job, { accountId: connection.account_id, zone }, plans)
  const planned = types.map((type) => {
    const mine = found.filter((range) => isSameType(type, range))
    const owed = mine.filter(({ always }) => !always)
    const ranges = joinRanges([
      ...mine.filter(({ always }) => always),
      ...(job.selection === 'due' ? daysInTurn(owed, mostOwed, turnOf(job)) : owed),
    ])
    return { ...type, ranges }
  })
  const days = planned.flatMap(({ ranges }) => ranges)
  if (job.selection === 'due') await tellDays(db, job, days)
  return { planned, granted, ungranted }
}

/** The moment of the last sync that asked for each data type and in which nothing failed. */
async function lastSynced(
  db: Transaction,
  { id, user_id, source_id, account_id }: LiveConnection,
  types: StreamDataType[],
): Promise<(StreamDataType & { startedAt: Temporal.Instant })[]> {
  const { rows } = await sql<StreamDataType & { startedAt: Temporal.Instant }>`
    select stream, data_type as "dataType", started_at as "startedAt"
    from unnest(${types.map(({ stream }) => stream)}::text[], ${types.map(({ dataType }) => dataType)}::text[])
      as t (stream, data_type), lateral (
      select j.started_at from import_jobs j
      where j.connection_id = ${id} and j.selection = 'due' and j.status = 'succeeded' and j.started_at is not null
        and exists (select from fetches f where f.job_id = j.id and f.stream = t.stream
          and f.data_type = t.data_type and f.account_id = ${account_id} and f.covered_at is not null)
      order by j.created_at desc limit 1
    ) as last
    -- Or all jobs would be read for a data type of which nothing came yet.
    where exists (select from fetches f where f.user_id = ${user_id} and f.source_id = ${source_id}
      and f.account_id = ${account_id} and f.stream = t.stream and f.data_type = t.data_type)`.execute(db)
  return rows
}

/** Syncs of one hour after the other take turns. */
function turnOf({ created_at }: ImportJob): number {
  return Math.floor(created_at.epochMilliseconds / 3_600_000)
}

/** What a job for what is due asks is known when it runs: its row then says so, with what it covered before. */
async function tellDays(db: Transaction, job: ImportJob, ranges: DayRange[]): Promise<void> {
  const from = ranges.map((range) => range.from).sort()[0]
  const to = ranges
    .map((range) => range.to)
    .sort()
    .at(-1)
  if (from === undefined || to === undefined) return
  await db
    .updateTable('import_jobs')
    .set({
      from_day: sql`least(${from}::date,
        (select min(f.from_day) from fetches f where f.job_id = import_jobs.id and f.covered_at is not null))`,
      to_day: sql`greatest(${to}::date,
        (select max(f.to_day) from fetches f where f.job_id = import_jobs.id and f.covered_at is not null))`,
    })
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .execute()
}
