import { sql } from 'kysely'
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

/** The columns of a `DailyChange`, of the part `changed` as `c`. */
export const changeColumns = ({ userId, cause }: ChangeBy) => sql`
  c.metric_name as metric, c.day, coalesce(to_jsonb(c.before_value), to_jsonb(c.before_text)) as before,
  coalesce(to_jsonb(c.after_value), to_jsonb(c.after_text)) as after, ${cause} as cause,
  c.before_source as "beforeSource", c.after_source as "afterSource",
  c.before_source is null and exists (
    select from value_changes v where v.user_id = ${userId} and v.metric_name = c.metric_name and v.day = c.day) as "isBack"`
