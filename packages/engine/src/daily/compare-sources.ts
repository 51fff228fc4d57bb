import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { together } from '../database/together.ts'
import type { ComparedDay, Comparison, Succession } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { minutesLater } from '../domain/time-of-day.ts'
import { findSeams } from './find-seams.ts'
import { readOpenDays } from './open-days.ts'
import { summarizeDifferences } from './summarize-differences.ts'

interface Range {
  metric: string
  from: string
  to: string
}

/** How the sources of a kind follow each other, and how far they agree on the days of which two of them have final values. */
export async function compareSources(
  parts: Pick<Parts, 'database' | 'registry' | 'clock'>,
  userId: string,
  range: Range,
): Promise<Succession> {
  const [{ pairs, ...succession }, { reasonOf }] = await Promise.all([
    readSuccession(parts.database, userId, range),
    readOpenDays(parts, userId, range),
  ])
  const final = pairs.filter(({ metric, otherMetric, date }) =>
    [metric, otherMetric].every((name) => reasonOf(name, date) === undefined),
  )
  return { ...succession, comparisons: compare(final) }
}

function readSuccession(database: Parts['database'], userId: string, range: Range) {
  return database.asUser(userId, async (db) => {
    const [owner, kind = ''] = range.metric.split('.')
    const [known, days, pairs] = await together([
      db.selectFrom('source_fields').select('kind').where('kind', '=', kind).executeTakeFirst(),
      db
        .selectFrom('daily_metric_values')
        .select(['day as date', 'source'])
        .where('user_id', '=', userId)
        .where('metric_name', '=', range.metric)
        .where('day', '>=', range.from)
        .where('day', '<=', range.to)
        .orderBy('day')
        .execute(),
      readPairs(db, userId, kind, range),
    ])
    if (owner !== 'metric' || !known)
      throw new Problem(404, 'unknown-metric', 'There is no such kind to compare sources of.')
    return { ...findSeams(days), pairs }
  })
}

/** A day of which two sources have a value of a kind. */
interface Pair extends ComparedDay {
  metric: string
  otherMetric: string
  type: string
}

async function readPairs(
  db: Transaction,
  userId: string,
  kind: string,
  { from, to }: Range,
): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    with offered as materialized (
      select f.source_id || '.' || f.field as metric, f.source_id, f.type, f.unit, row_number() over (
        order by s.retired_since nulls last, c.preference nulls last, c.created_at nulls last, f.source_id, f.field) as place
      from source_fields f
      join integration_sources s on s.id = f.source_id
      left join first_connections c on c.source_id = f.source_id and c.user_id = ${userId}
      where f.kind = ${kind} and f.type <> 'text'
    )
    select a.metric, b.metric as "otherMetric", a.type, one.day as date, one.value as one, other.value as other,
      (other.value::numeric - one.value::numeric)::double precision as difference
    from offered a
    join offered b on b.place > a.place and b.source_id <> a.source_id and b.type = a.type
      and b.unit is not distinct from a.unit
    join daily_metric_values one on one.metric_name = a.metric
    join daily_metric_values other on other.metric_name = b.metric and other.day = one.day
    where one.user_id = ${userId} and other.user_id = ${userId} and one.day between ${from} and ${to}
      and other.day between ${from} and ${to}
    order by a.place, b.place, one.day`.execute(db)
  return rows
}

function compare(pairs: Pair[]): Comparison[] {
  const byMetrics = Map.groupBy(pairs, ({ metric, otherMetric }) => `${metric} ${otherMetric}`)
  return [...byMetrics.values()].flatMap((found) => {
    const [first] = found
    if (!first) return []
    const { metric, otherMetric, type } = first
    const days = found.map(({ date, one, other, difference }) => ({
      date,
      one,
      other,
      difference: type === 'time' ? minutesLater(other, one) : difference,
    }))
    return { one: metric, other: otherMetric, days, ...summarizeDifferences(days, type !== 'time') }
  })
}
