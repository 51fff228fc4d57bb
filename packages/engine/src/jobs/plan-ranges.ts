import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { LiveConnection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { DayRange } from '../import-run/plan-windows.ts'
import type { ImportJob } from './claim-job.ts'
import { joinRanges, newestDays } from './day-ranges.ts'
import { readRanges } from './read-ranges.ts'
import { wishOf } from './stream-wish.ts'
import { type WantedStreams, wantedStreams } from './wanted-streams.ts'

/** So many days beside its look-back a job for what is due asks of a stream at most; the next one goes on. */
const mostOwed = 90

export interface JobPlan extends WantedStreams {
  ranges: Map<string, DayRange[]>
}

/** The days that a job asks of each stream, the newest first. */
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
  const { granted, ungranted } = wantedStreams(plugin, connection)
  const since = localDay(connection.created_at, zone)
  const synced = await lastSynced(db, job, zone)
  const wishes = granted.map((stream) => wishOf(plugin, stream, job, connection, { since, synced, today }))
  const found = await readRanges(db, job, { accountId: connection.account_id, zone }, wishes)
  const ranges = new Map<string, DayRange[]>()
  for (const { stream } of wishes) {
    const mine = found.filter((range) => range.stream === stream)
    const owed = mine.filter(({ always }) => !always)
    const planned = joinRanges([
      ...mine.filter(({ always }) => always),
      ...(job.asks === 'due' ? newestDays(owed, mostOwed) : owed),
    ])
    if (planned.length > 0) ranges.set(stream, planned)
  }
  if (job.asks === 'due') await tellDays(db, job, [...ranges.values()].flat())
  return { ranges, granted, ungranted }
}

/** The day of the connection's last sync in which nothing failed. */
async function lastSynced(db: Transaction, job: ImportJob, zone: string): Promise<string | null> {
  const last = await db
    .selectFrom('import_jobs')
    .select('started_at')
    .where('connection_id', '=', job.connection_id)
    .where('asks', '=', 'due')
    .where('status', '=', 'succeeded')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.started_at ? localDay(last.started_at, zone) : null
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
