import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'

/** All days that there are. */
export const always = { from: '-infinity', to: 'infinity' }

/**
 * Makes the values of kinds anew: of each day that of the first source which has one, in the order that the user prefers,
 * and else in the order in which the sources were first connected; a source that was retired gives its place to its
 * successor from that day on.
 */
export async function rollUpKinds(
  db: Transaction,
  userId: string,
  kinds: string[],
  { from, to }: { from: string; to: string },
  jobId?: string,
): Promise<void> {
  if (kinds.length === 0) return
  // Two sources of one user that import at the same time make the same values: the second waits and sees the first's.
  await sql`select pg_advisory_xact_lock(hashtext('kinds ' || ${userId}))`.execute(db)
  await sql`
    with heirs as materialized (
      -- Whoever replaces a retired source of the user and has no place by preference takes that one's, of the kinds it had.
      select c.source_id, f.kind, retired.retired_since as since, before.preference, before.created_at
      from integration_sources retired
      join user_integrations c on c.source_id = retired.successor and c.preference is null
      join user_integrations before on before.source_id = retired.id and before.user_id = c.user_id
      join source_fields f on f.source_id = retired.id
      where c.user_id = ${userId} and f.kind = any(${kinds}) and retired.retired_since is not null
    ), wanted as (
      select distinct on (f.kind, d.day) f.kind, d.day, d.source, d.value, d.text_value
      from source_fields f
      join daily_metric_values d on d.metric_name = f.source_id || '.' || f.field
      left join user_integrations c on c.user_id = d.user_id and c.source_id = f.source_id
      left join heirs h on h.source_id = f.source_id and h.kind = f.kind and h.since <= d.day
      where f.kind = any(${kinds}) and d.user_id = ${userId} and d.day between ${from}::date and ${to}::date
      order by f.kind, d.day, coalesce(c.preference, h.preference) nulls last,
        least(c.created_at, h.created_at) nulls last, h.since nulls last, f.source_id, f.field
    ), gone as (
      delete from daily_metric_values as d using unnest(${kinds}::text[]) as k (kind)
      where d.user_id = ${userId} and d.metric_name = 'metric.' || k.kind and d.day between ${from}::date and ${to}::date
        and (d.metric_name, d.day) not in (select 'metric.' || w.kind, w.day from wanted w)
    )
    merge into daily_metric_values as target
    using wanted as w
    on target.user_id = ${userId} and target.metric_name = 'metric.' || w.kind and target.day = w.day
    when matched and (target.value, target.text_value, target.source) is distinct from (w.value, w.text_value, w.source)
      then update set value = w.value, text_value = w.text_value, source = w.source, job_id = ${jobId ?? null}, changed_at = now(),
        previous_value = target.value, previous_text_value = target.text_value
    when not matched then insert (user_id, day, metric_name, source, value, text_value, basis, job_id)
      values (${userId}, w.day, 'metric.' || w.kind, w.source, w.value, w.text_value, 'merged', ${jobId ?? null})
  `.execute(db)
}

/** Every kind that any field has. */
export async function allKinds(db: Transaction): Promise<string[]> {
  const rows = await db
    .selectFrom('source_fields')
    .select('kind')
    .distinct()
    .where('kind', 'is not', null)
    .execute()
  return rows.flatMap(({ kind }) => kind ?? [])
}
