import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import type { StreamPlan } from './plan-stream.ts'
import type { ImportJob } from '../database/schema.ts'
import type { DayRange } from '../domain/day-ranges.ts'

export interface FoundRange extends StreamDataType, DayRange {
  always: boolean
}

/** The days that plans come to, by what is known of them; the newest first. */
export async function readRanges(
  db: Transaction,
  job: ImportJob,
  { accountId, zone }: { accountId: string; zone: string },
  plans: StreamPlan[],
): Promise<FoundRange[]> {
  const days = (part: 'always' | 'again' | 'unsettled' | 'missing') =>
    plans.map(({ [part]: range }) =>
      range && range.from <= range.to ? `{[${range.from},${range.to}]}` : '{}',
    )
  const { rows } = await sql<FoundRange>`
    with plan as (
      select * from unnest(${plans.map(({ stream }) => stream)}::text[],
        ${plans.map(({ dataType }) => dataType)}::text[],
        ${days('always')}::datemultirange[], ${days('again')}::datemultirange[],
        ${days('unsettled')}::datemultirange[], ${days('missing')}::datemultirange[],
        ${plans.map(({ missing }) => missing?.after ?? false)}::boolean[],
        ${plans.map(({ again }) => again?.age ?? 0)}::integer[]
      ) as w (stream, data_type, always, again, unsettled, missing, after, age)
    ), known as (
      select c.stream, c.data_type, range_agg(part) as days,
        range_agg(part) filter (where c.state in ('failed', 'not-due-yet')) as unsettled
      from coverage c, unnest(c.days) as part
      where c.user_id = ${job.user_id} and c.source_id = ${job.source_id} and c.account_id = ${accountId}
      group by c.stream, c.data_type
    ), grown as (
      select w.stream, w.data_type, range_agg(daterange(f.from_day, least(f.to_day, last.day), '[]')) as days
      from plan w join fetches f using (stream, data_type),
        lateral (select (f.covered_at at time zone ${zone})::date - w.age as day) as last
      where f.user_id = ${job.user_id} and f.source_id = ${job.source_id} and f.account_id = ${accountId}
        and f.to_day >= lower(w.again) and f.from_day <= last.day
      group by w.stream, w.data_type
    ), done as (
      select stream, data_type, range_agg(daterange(from_day, to_day, '[]')) as days
      from fetches where job_id = ${job.id} and covered_at >= ${job.started_at?.toString() ?? null}::timestamptz
      group by stream, data_type
    ), uncommitted as (
      -- Answers that came and were not written, such as one that lacks stored values and that no other confirmed.
      select w.stream, w.data_type, range_agg(part) as days
      from plan w join fetches f using (stream, data_type), lateral unnest(datemultirange(daterange(f.from_day, f.to_day, '[]')) -
        coalesce((select range_agg(daterange(n.from_day, n.to_day, '[]')) from fetches n where n.user_id = f.user_id
          and n.source_id = f.source_id and n.account_id = f.account_id and n.stream = f.stream
          and n.data_type = f.data_type and n.id > f.id
          and n.covered_at is not null and n.to_day >= f.from_day and n.from_day <= f.to_day), '{}')) as part
      where f.user_id = ${job.user_id} and f.source_id = ${job.source_id} and f.account_id = ${accountId}
        and f.to_day >= lower(w.unsettled) and f.from_day < upper(w.unsettled)
        and f.completed_at is not null and f.covered_at is null and ${job.selection === 'due'}
      group by w.stream, w.data_type
    ), planned as (
      select w.stream, w.data_type, w.always + (w.again * coalesce(k.days, '{}') - coalesce(g.days, '{}')) as always,
        coalesce(d.days, '{}') as done,
        w.unsettled * (coalesce(k.unsettled, '{}') + coalesce(u.days, '{}'))
          + (w.missing * r.reach - coalesce(k.days, '{}')) as owed
      from plan w left join known k using (stream, data_type) left join grown g using (stream, data_type)
        left join done d using (stream, data_type) left join uncommitted u using (stream, data_type),
        lateral (select case when not w.after then '{(,)}' when k.days is null then '{}'
          else datemultirange(daterange(lower(k.days), null)) end as reach) as r
    )
    select stream, data_type as "dataType", always, lower(part)::text as "from", (upper(part) - 1)::text as "to"
    from (
      select stream, data_type, true as always, part from planned, unnest(planned.always - done) as part
      union all select stream, data_type, false, part from planned, unnest(owed - planned.always - done) as part
    ) as parts
    order by part desc`.execute(db)
  return rows
}
