import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { lockKinds } from '../database/locks.ts'

/** All days that there are. */
export const always = { from: '-infinity', to: 'infinity' }

/**
 * Recomputes the values of kinds: of each day that of the first source which has one, in the order that the user prefers,
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
  await lockKinds(db, userId)
  await sql`
    with successors as materialized (
      -- Whoever replaces a retired source of the user and has no place by preference takes that one's, of the kinds it had.
      select c.source_id, f.kind, retired.retired_since as since, before.preference, before.created_at
      from integration_sources retired
      join first_connections c on c.source_id = retired.successor and c.preference is null
      join first_connections before on before.source_id = retired.id and before.user_id = c.user_id
      join source_fields f on f.source_id = retired.id
      where c.user_id = ${userId} and f.kind = any(${kinds}) and retired.retired_since is not null
    ), fields as materialized (
      select f.source_id || '.' || f.field as metric_name, 'metric.' || f.kind as kind_name, f.source_id, f.field, f.kind,
        c.preference, c.created_at
      from source_fields f
      left join first_connections c on c.user_id = ${userId} and c.source_id = f.source_id
      where f.kind = any(${kinds})
    ), wanted as materialized (
      select distinct on (f.kind_name, d.day) f.kind_name as metric_name, d.*
      from fields f
      cross join lateral (
        select d.day, d.source, d.value, d.text_value from daily_metric_values d
        where d.user_id = ${userId} and d.metric_name = f.metric_name and d.day between ${from}::date and ${to}::date
        offset 0
      ) as d
      left join successors h on h.source_id = f.source_id and h.kind = f.kind and h.since <= d.day
      order by f.kind_name, d.day, coalesce(f.preference, h.preference) nulls last,
        least(f.created_at, h.created_at) nulls last, h.since nulls last, f.source_id, f.field
    ), held as materialized (
      select d.* from unnest(${kinds.map((kind) => `metric.${kind}`)}::text[]) as k (metric_name)
      cross join lateral (
        select d.metric_name, d.day, d.source, d.value, d.text_value from daily_metric_values d
        where d.user_id = ${userId} and d.metric_name = k.metric_name and d.day between ${from}::date and ${to}::date
        offset 0
      ) as d
    ), gone as (
      delete from daily_metric_values as d
      using (select metric_name, day from held except select metric_name, day from wanted) as g
      where d.user_id = ${userId} and d.metric_name = g.metric_name and d.day = g.day
    )
    insert into daily_metric_values as d (user_id, day, metric_name, source, value, text_value, basis, job_id)
    select ${userId}, day, metric_name, source, value, text_value, 'merged', ${jobId ?? null} from (
      select metric_name, day, source, value, text_value from wanted
      except select metric_name, day, source, value, text_value from held
    ) as changed
    on conflict (user_id, metric_name, day) do update
      set value = excluded.value, text_value = excluded.text_value, source = excluded.source, job_id = excluded.job_id,
        changed_at = now(), previous_value = d.value, previous_text_value = d.text_value
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
