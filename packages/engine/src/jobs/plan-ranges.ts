import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { addDays, localDay } from '../clock.ts'
import type { Connection, LiveConnection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { DayRange } from '../import-run/plan-windows.ts'
import type { ImportJob } from './claim-job.ts'
import { historyFloor } from './request-history.ts'
import { lookbackOf } from './sync-window.ts'

/** So many days of a stream a job for what is due asks at most, the newest first; the next one goes on. */
const mostDays = 90

/** What is to be asked of a stream; of a part only those days that this job has not covered already. */
export interface StreamWish {
  stream: string
  /** Whatever is known of them. */
  always?: DayRange
  /** Those that failed, or were not due yet when they were asked. */
  unsettled?: DayRange
  /** Those never asked for; `after`: only what lies after the first day that the stream was ever asked for. */
  missing?: DayRange & { after: boolean }
}

export interface JobPlan {
  ranges: Map<string, DayRange[]>
  /** Names of streams that the user wants and did not allow. */
  ungranted: string[]
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
  const wishes = granted.map((stream) => wishOf(plugin, stream, job, connection, { since, today }))
  const found = await readRanges(db, job, connection.account_id, wishes)
  const ranges = new Map<string, DayRange[]>()
  for (const { stream, from, to } of found) ranges.set(stream, [...(ranges.get(stream) ?? []), { from, to }])
  if (job.asks === 'due') {
    for (const [stream, days] of ranges) {
      ranges.set(stream, newestDays(days, Math.max(mostDays, lookbackOf(plugin, stream))))
    }
    await tellDays(db, job, [...ranges.values()].flat())
  }
  return { ranges, ungranted }
}

/** The streams that are asked: switched on by the user, and allowed. */
export function wantedStreams(
  plugin: PluginDeclaration,
  { disabled_streams, scopes }: Pick<Connection, 'disabled_streams' | 'scopes'>,
): { granted: string[]; ungranted: string[] } {
  const wanted = Object.entries(plugin.streams).filter(([stream]) => !disabled_streams.includes(stream))
  const isGranted = ([, stream]: (typeof wanted)[number]) =>
    stream.scopes?.every((scope) => scopes?.includes(scope)) ?? true
  return {
    granted: wanted.filter(isGranted).map(([stream]) => stream),
    ungranted: wanted.filter((entry) => !isGranted(entry)).map(([stream, { name }]) => name ?? stream),
  }
}

/** What a job asks of a stream; `since`: the day that the connection was made, from which on syncs owe every day. */
export function wishOf(
  plugin: PluginDeclaration,
  stream: string,
  job: Pick<ImportJob, 'asks' | 'from_day' | 'to_day'>,
  { history_from, history_paused }: Pick<Connection, 'history_from' | 'history_paused'>,
  { since, today }: { since: string; today: string },
): StreamWish {
  const floor = historyFloor(plugin, stream, history_from, today)
  const { from_day: first, to_day: last } = job
  switch (job.asks) {
    case 'days':
      return { stream, always: { from: first, to: last } }
    case 'due': {
      const always = { from: addDays(today, 1 - lookbackOf(plugin, stream)), to: today }
      const to = addDays(always.from, -1)
      return {
        stream,
        always,
        unsettled: { from: floor, to },
        missing: { from: later(floor, since), to, after: true },
      }
    }
    case 'never-asked': {
      if (history_paused) return { stream }
      // One request may reach further back than the chunk does: limits count requests, not days.
      const reach = later(floor, addDays(last, 1 - (plugin.streams[stream]?.maxDaysPerRequest ?? 1)))
      const from = reach < first ? reach : later(first, floor)
      return { stream, missing: { from, to: last, after: false } }
    }
  }
}

function later(one: string, other: string): string {
  return one > other ? one : other
}

/** Of ranges with the newest first so many days, the newest. */
export function newestDays(ranges: DayRange[], count: number): DayRange[] {
  const kept: DayRange[] = []
  let left = count
  for (const { from, to } of ranges) {
    if (left <= 0) break
    kept.push({ from: later(from, addDays(to, 1 - left)), to })
    left -= Temporal.PlainDate.from(from).until(to).days + 1
  }
  return kept
}

async function readRanges(
  db: Transaction,
  job: ImportJob,
  accountId: string,
  wishes: StreamWish[],
): Promise<(DayRange & { stream: string })[]> {
  const days = (part: 'always' | 'unsettled' | 'missing') =>
    wishes.map(({ [part]: range }) =>
      range && range.from <= range.to ? `{[${range.from},${range.to}]}` : '{}',
    )
  const { rows } = await sql<DayRange & { stream: string }>`
    with wish as (
      select * from unnest(${wishes.map(({ stream }) => stream)}::text[], ${days('always')}::datemultirange[],
        ${days('unsettled')}::datemultirange[], ${days('missing')}::datemultirange[],
        ${wishes.map(({ missing }) => missing?.after ?? false)}::boolean[]) as w (stream, always, unsettled, missing, after)
    ), known as (
      select c.stream, range_agg(part) as days,
        range_agg(part) filter (where c.state in ('failed', 'not-due-yet')) as unsettled
      from coverage c, unnest(c.days) as part
      where c.user_id = ${job.user_id} and c.source_id = ${job.source_id} and c.account_id = ${accountId}
      group by c.stream
    ), done as (
      select stream, range_agg(daterange(from_day, to_day, '[]')) as days
      from fetches where job_id = ${job.id} and covered_at is not null
      group by stream
    )
    select w.stream, lower(part)::text as "from", (upper(part) - 1)::text as "to"
    from wish w left join known k using (stream) left join done d using (stream),
      lateral (select case when not w.after then '{(,)}' when k.days is null then '{}'
        else datemultirange(daterange(lower(k.days), null)) end as reach) as r,
      unnest(w.always + w.unsettled * coalesce(k.unsettled, '{}') + (w.missing * r.reach - coalesce(k.days, '{}'))
        - coalesce(d.days, '{}')) as part
    order by part desc`.execute(db)
  return rows
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
      to_day: to,
    })
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .execute()
}
