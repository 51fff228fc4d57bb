import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { addDays, localDay } from '../clock.ts'
import { type Connection, isGranted, type LiveConnection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { DayRange } from '../import-run/plan-windows.ts'
import type { ImportJob } from './claim-job.ts'
import { firstGiven, historyFloor } from './request-history.ts'
import { lookbackOf } from './sync-window.ts'

/** So many days beside its look-back a job for what is due asks of a stream at most; the next one goes on. */
const mostOwed = 90

/** What is to be asked of a stream; of each part only those days that this job has not covered already. */
export interface StreamWish {
  stream: string
  /** Whatever is known of them. */
  always?: DayRange
  /** Those asked for before, but never when they were as old as `age`: the source may have corrected them since. */
  again?: DayRange & { age: number }
  /** Those that failed, were not due yet when they were asked, or whose last answer was not written. */
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
  return { ranges, ungranted }
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

/** The streams that are asked: switched on by the user, and allowed. */
export function wantedStreams(
  plugin: PluginDeclaration,
  connection: Pick<Connection, 'disabled_streams' | 'scopes'>,
): { granted: string[]; ungranted: string[] } {
  const wanted = Object.entries(plugin.streams).filter(([id]) => !connection.disabled_streams.includes(id))
  const [granted, ungranted] = [true, false].map((is) =>
    wanted.filter(([, stream]) => isGranted(stream, connection) === is),
  )
  return {
    granted: (granted ?? []).map(([id]) => id),
    ungranted: (ungranted ?? []).map(([id, { name }]) => name ?? id),
  }
}

/**
 * What a job asks of a stream; `since`: the day that the connection was made, from which on syncs owe every day; `synced`:
 * that of the last sync in which nothing failed, after which the source may have corrected its newest days.
 */
export function wishOf(
  plugin: PluginDeclaration,
  stream: string,
  job: Pick<ImportJob, 'asks' | 'from_day' | 'to_day' | 'attempt'>,
  { history_from, history_paused }: Pick<Connection, 'history_from' | 'history_paused'>,
  { since, synced, today }: { since: string; synced: string | null; today: string },
): StreamWish {
  const floor = historyFloor(plugin, stream, history_from, today)
  const { from_day: first, to_day: last } = job
  switch (job.asks) {
    case 'days': {
      // What a source gives no more is asked only where nothing is known: an empty answer would take away what is stored.
      const given = firstGiven(plugin, stream, today)
      if (given === undefined || first >= given) return { stream, always: { from: first, to: last } }
      const before = { from: first, to: earlier(last, addDays(given, -1)) }
      return {
        stream,
        always: { from: given, to: last },
        unsettled: before,
        missing: { ...before, after: false },
      }
    }
    case 'due': {
      const lookback = lookbackOf(plugin, stream)
      const always = { from: addDays(today, 1 - lookback), to: today }
      const to = addDays(always.from, -1)
      return {
        stream,
        always,
        again: { from: later(floor, addDays(synced ?? since, 2 - lookback)), to, age: lookback - 1 },
        unsettled: { from: floor, to },
        missing: { from: later(floor, since), to, after: true },
      }
    }
    case 'never-asked': {
      if (history_paused) return { stream }
      // One request may reach further back than the chunk does: limits count requests, not days.
      const reach = later(floor, addDays(last, 1 - (plugin.streams[stream]?.maxDaysPerRequest ?? 1)))
      const from = reach < first ? reach : later(first, floor)
      const days = { from, to: last }
      // What failed in an attempt before is asked again: else the job would end well with nothing left to ask.
      return { stream, missing: { ...days, after: false }, ...(job.attempt > 1 ? { unsettled: days } : {}) }
    }
  }
}

function later(one: string, other: string): string {
  return one > other ? one : other
}

function earlier(one: string, other: string): string {
  return one < other ? one : other
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

/** The same days in as few ranges as there can be, the newest first. */
export function joinRanges(ranges: DayRange[]): DayRange[] {
  const joined: DayRange[] = []
  for (const range of ranges.toSorted((one, other) => (one.to < other.to ? 1 : -1))) {
    const last = joined.at(-1)
    if (last && range.to >= addDays(last.from, -1)) {
      if (range.from < last.from) last.from = range.from
    } else joined.push({ from: range.from, to: range.to })
  }
  return joined
}

interface FoundRange extends DayRange {
  stream: string
  always: boolean
}

async function readRanges(
  db: Transaction,
  job: ImportJob,
  { accountId, zone }: { accountId: string; zone: string },
  wishes: StreamWish[],
): Promise<FoundRange[]> {
  const days = (part: 'always' | 'again' | 'unsettled' | 'missing') =>
    wishes.map(({ [part]: range }) =>
      range && range.from <= range.to ? `{[${range.from},${range.to}]}` : '{}',
    )
  const { rows } = await sql<FoundRange>`
    with wish as (
      select * from unnest(${wishes.map(({ stream }) => stream)}::text[],
        ${days('always')}::datemultirange[], ${days('again')}::datemultirange[],
        ${days('unsettled')}::datemultirange[], ${days('missing')}::datemultirange[],
        ${wishes.map(({ missing }) => missing?.after ?? false)}::boolean[],
        ${wishes.map(({ again }) => again?.age ?? 0)}::integer[]
      ) as w (stream, always, again, unsettled, missing, after, age)
    ), known as (
      select c.stream, range_agg(part) as days,
        range_agg(part) filter (where c.state in ('failed', 'not-due-yet')) as unsettled
      from coverage c, unnest(c.days) as part
      where c.user_id = ${job.user_id} and c.source_id = ${job.source_id} and c.account_id = ${accountId}
      group by c.stream
    ), grown as (
      select w.stream, range_agg(daterange(f.from_day, least(f.to_day, last.day), '[]')) as days
      from wish w join fetches f using (stream),
        lateral (select (f.covered_at at time zone ${zone})::date - w.age as day) as last
      where f.user_id = ${job.user_id} and f.source_id = ${job.source_id} and f.account_id = ${accountId}
        and f.to_day >= lower(w.again) and f.from_day <= last.day
      group by w.stream
    ), done as (
      select stream, range_agg(daterange(from_day, to_day, '[]')) as days
      from fetches where job_id = ${job.id} and covered_at >= ${job.started_at?.toString() ?? null}::timestamptz
      group by stream
    ), unwritten as (
      -- Answers that came and were not written, such as one that would have taken most away and that no other confirmed.
      select f.stream, range_agg(part) as days
      from wish w join fetches f using (stream), lateral unnest(datemultirange(daterange(f.from_day, f.to_day, '[]')) -
        coalesce((select range_agg(daterange(n.from_day, n.to_day, '[]')) from fetches n where n.user_id = f.user_id
          and n.source_id = f.source_id and n.account_id = f.account_id and n.stream = f.stream and n.id > f.id
          and n.covered_at is not null and n.to_day >= f.from_day and n.from_day <= f.to_day), '{}')) as part
      where f.user_id = ${job.user_id} and f.source_id = ${job.source_id} and f.account_id = ${accountId}
        and f.to_day >= lower(w.unsettled) and f.from_day < upper(w.unsettled)
        and f.completed_at is not null and f.covered_at is null and ${job.asks === 'due'}
      group by f.stream
    ), planned as (
      select w.stream, w.always + (w.again * coalesce(k.days, '{}') - coalesce(g.days, '{}')) as always,
        coalesce(d.days, '{}') as done,
        w.unsettled * (coalesce(k.unsettled, '{}') + coalesce(u.days, '{}'))
          + (w.missing * r.reach - coalesce(k.days, '{}')) as owed
      from wish w left join known k using (stream) left join grown g using (stream)
        left join done d using (stream) left join unwritten u using (stream),
        lateral (select case when not w.after then '{(,)}' when k.days is null then '{}'
          else datemultirange(daterange(lower(k.days), null)) end as reach) as r
    )
    select stream, always, lower(part)::text as "from", (upper(part) - 1)::text as "to"
    from (
      select stream, true as always, part from planned, unnest(planned.always - done) as part
      union all select stream, false, part from planned, unnest(owed - planned.always - done) as part
    ) as parts
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
      to_day: sql`greatest(${to}::date,
        (select max(f.to_day) from fetches f where f.job_id = import_jobs.id and f.covered_at is not null))`,
    })
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .execute()
}
