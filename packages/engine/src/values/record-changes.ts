import { sql } from 'kysely'
import type { ChangedDays } from '../contract/events.ts'
import type { DailyValue } from '../contract/daily-value.ts'
import type { Transaction } from '../database/database.ts'
import { lockKinds } from '../database/locks.ts'
import { together } from '../database/together.ts'
import { publish } from '../events/publish.ts'
import type { ChangeBy, DailyChange } from './write-differences.ts'

/**
 * Records the changes of values that were there before (docs/decisions/0026) and publishes which metrics changed on which days,
 * first values included.
 */
export async function recordChanges(
  db: Transaction,
  by: ChangeBy,
  changes: readonly DailyChange[],
): Promise<void> {
  const toStore = changes.filter(({ before, isBack }) => before !== null || isBack)
  await together([store(db, by, toStore), publishChanges(db, by, changes)])
}

async function store(db: Transaction, { userId, jobId }: ChangeBy, changes: DailyChange[]): Promise<void> {
  if (changes.length === 0) return
  // To the end of the transaction, so that `at` is in the order in which a user's changes become visible.
  await lockKinds(db, userId)
  const of = <Value>(value: (change: DailyChange) => Value) => changes.map(value)
  await sql`
    insert into value_changes (user_id, job_id, at, metric_name, day, cause, before_value, before_text, after_value, after_text,
      before_source, after_source)
    select ${userId}, ${jobId ?? null}, (select clock_timestamp()), c.*
    from unnest(${of(({ metric }) => metric)}::text[], ${of(({ day }) => day)}::date[], ${of(({ cause }) => cause)}::text[],
      ${of(({ before }) => numberOf(before))}::float8[], ${of(({ before }) => textOf(before))}::text[],
      ${of(({ after }) => numberOf(after))}::float8[], ${of(({ after }) => textOf(after))}::text[],
      ${of(({ beforeSource }) => beforeSource)}::text[], ${of(({ afterSource }) => afterSource)}::text[]) as c`.execute(
    db,
  )
}

const numberOf = (value: DailyValue) => (typeof value === 'number' ? value : null)
const textOf = (value: DailyValue) => (typeof value === 'string' ? value : null)

/** Publishes which metrics changed on which days. */
export async function publishChanges(
  db: Transaction,
  { userId, cause, jobId }: ChangeBy,
  changes: readonly Pick<DailyChange, 'metric' | 'day'>[],
): Promise<void> {
  if (changes.length === 0) return
  const metrics = [...Map.groupBy(changes, ({ metric }) => metric)].map(([metric, of]): ChangedDays => {
    const days = [...new Set(of.map(({ day }) => day))].sort()
    return { metric, from: days[0] ?? '', to: days.at(-1) ?? '', count: days.length }
  })
  await publish(db, [{ userId, kind: 'values-changed', payload: { cause, jobId: jobId ?? null, metrics } }])
}
