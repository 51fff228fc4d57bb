import { type RawBuilder, sql } from 'kysely'
import type { ChangeCause } from '../domain/change-cause.ts'
import type { DailyValue } from '../contract/daily-value.ts'

/** Whose daily values are written, and why. */
export interface ChangeBy {
  userId: string
  cause: ChangeCause
  /** The job that made the change, if one did. */
  jobId?: string | undefined
}

/** A daily value that was written: `before` is `null` where there was none, `after` where there is none now. */
export interface DailyChange {
  metric: string
  /** `YYYY-MM-DD`. */
  day: string
  before: DailyValue
  after: DailyValue
  cause: ChangeCause
  /** Whose value it was and is. */
  beforeSource: string | null
  afterSource: string | null
  /** Whether the value was there earlier, and was deleted. */
  isBack: boolean
}

/** The columns of `wanted` and `stored`, of a table `d`. */
export const dailyColumns = sql`d.metric_name, d.day, d.source, d.value, d.text_value, d.basis`

/**
 * The last parts of a statement that computes daily values: writes where its part `wanted`, the values as they should be,
 * differs from its part `stored`, the values as they are. Leaves the differences in a part `changed`.
 */
export const writeDifferences = ({ userId, jobId }: ChangeBy) => sql`
  changed as materialized (
    select metric_name, day, s.value as before_value, s.text_value as before_text, s.source as before_source,
      w.value as after_value, w.text_value as after_text, w.source as after_source, w.basis
    from wanted w full join stored s using (metric_name, day)
    where (w.value, w.text_value) is distinct from (s.value, s.text_value)
  ), deleted as (
    delete from daily_metric_values d using changed c
    where c.after_source is null and d.user_id = ${userId} and d.metric_name = c.metric_name and d.day = c.day
  ), rebased as (
    -- The same value from elsewhere is no change: when it last changed stays.
    update daily_metric_values d set basis = w.basis, source = w.source
    from wanted w join stored s using (metric_name, day)
    where (s.value, s.text_value) is not distinct from (w.value, w.text_value) and (s.basis, s.source) <> (w.basis, w.source)
      and d.user_id = ${userId} and d.metric_name = w.metric_name and d.day = w.day
  ), written as (
    insert into daily_metric_values as d (user_id, day, metric_name, source, value, text_value, basis, job_id)
    select ${userId}, day, metric_name, after_source, after_value, after_text, basis, ${jobId ?? null}
    from changed where after_source is not null
    on conflict (user_id, metric_name, day) do update
      set value = excluded.value, text_value = excluded.text_value, source = excluded.source, basis = excluded.basis,
        job_id = excluded.job_id, changed_at = now()
  )`

/** The changes of one metric as arrays in one row, because transferring thousands of rows would take longer than computing them. */
export interface ChangesOfMetric {
  metric: string
  changes: [
    day: string,
    before: DailyValue,
    after: DailyValue,
    beforeSource: string | null,
    afterSource: string | null,
    isBack: boolean,
  ][]
}

/** Selects `ChangesOfMetric` from the part `changed`, and what else is selected of a metric `c.metric_name`. */
export const selectChanges = ({ userId }: ChangeBy, alsoOfMetric: RawBuilder<unknown> = sql``) => sql`
  select c.metric_name as metric, ${alsoOfMetric} json_agg(json_build_array(
    c.day, coalesce(to_json(c.before_value), to_json(c.before_text)), coalesce(to_json(c.after_value), to_json(c.after_text)),
    c.before_source, c.after_source,
    c.before_source is null and exists (
      select from value_changes v where v.user_id = ${userId} and v.metric_name = c.metric_name and v.day = c.day)
  )) as changes
  from changed c group by c.metric_name`

export function toChanges(rows: readonly ChangesOfMetric[], { cause }: ChangeBy): DailyChange[] {
  return rows.flatMap(({ metric, changes }) =>
    changes.map(([day, before, after, beforeSource, afterSource, isBack]) => {
      return { metric, day, before, after, cause, beforeSource, afterSource, isBack }
    }),
  )
}
