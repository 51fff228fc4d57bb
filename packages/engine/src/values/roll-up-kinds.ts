import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { lockKinds } from '../database/locks.ts'
import { together } from '../database/together.ts'
import type { DayRange } from '../domain/day-ranges.ts'
import { recordChanges } from './record-changes.ts'
import {
  type ChangeBy,
  type ChangesOfMetric,
  type DailyChange,
  dailyColumns,
  selectChanges,
  toChanges,
  writeDifferences,
} from './write-differences.ts'

/** All days that there are. */
export const always = { from: '-infinity', to: 'infinity' }

/** Recomputes the values of kinds, and records, publishes and returns those that changed. */
export async function rollUpKinds(
  db: Transaction,
  by: ChangeBy,
  kinds: string[],
  range: DayRange,
): Promise<DailyChange[]> {
  const changes = await writeKinds(db, by, kinds, range)
  await recordChanges(db, by, changes)
  return changes
}

/**
 * Writes the values of kinds where they change, for a caller that records the changes: of each day that of the first source
 * which has one, in the order that the user prefers, and else in the order in which the sources were first connected; a source
 * that was retired gives its place to its successor from that day on.
 */
export async function writeKinds(
  db: Transaction,
  by: ChangeBy,
  kinds: string[],
  { from, to }: DayRange,
): Promise<DailyChange[]> {
  if (kinds.length === 0) return []
  const { userId } = by
  const merge = sql<ChangesOfMetric>`
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
      select distinct on (f.kind_name, d.day) f.kind_name as metric_name, d.*, 'merged' as basis
      from fields f
      cross join lateral (
        select d.day, d.source, d.value, d.text_value from daily_metric_values d
        where d.user_id = ${userId} and d.metric_name = f.metric_name and d.day between ${from}::date and ${to}::date
        offset 0
      ) as d
      left join successors h on h.source_id = f.source_id and h.kind = f.kind and h.since <= d.day
      order by f.kind_name, d.day, coalesce(f.preference, h.preference) nulls last,
        least(f.created_at, h.created_at) nulls last, h.since nulls last, f.source_id, f.field
    ), stored as materialized (
      select d.* from unnest(${kinds.map((kind) => `metric.${kind}`)}::text[]) as k (metric_name)
      cross join lateral (
        select ${dailyColumns} from daily_metric_values d
        where d.user_id = ${userId} and d.metric_name = k.metric_name and d.day between ${from}::date and ${to}::date
        offset 0
      ) as d
    ), ${writeDifferences(by)}
    ${selectChanges(by)}`
  // Sent together they run one after the other: what the second sees is fixed when the lock is there.
  const [, { rows }] = await together([lockKinds(db, userId), merge.execute(db)])
  return toChanges(rows, by)
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
