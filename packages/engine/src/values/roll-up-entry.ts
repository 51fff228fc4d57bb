import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { rollUp } from './roll-up.ts'

/** Recomputes one day of one metric after an entry by hand: that of a template alone, or of a source's field. */
export async function rollUpEntry(
  db: Transaction,
  userId: string,
  metric: string,
  day: string,
): Promise<void> {
  const [owner = '', field = ''] = metric.split('.')
  if (owner === 'manual') {
    await sql`delete from daily_metric_values d
      where user_id = ${userId} and metric_name = ${metric} and day = ${day} and not exists (
        select from manual_entries e where (e.user_id, e.metric_name, e.day) = (d.user_id, d.metric_name, d.day))`.execute(
      db,
    )
    await sql`insert into daily_metric_values as d (user_id, day, metric_name, source, value, text_value, basis)
      select user_id, day, metric_name, 'manual', value, text_value, 'manual' from manual_entries
      where user_id = ${userId} and metric_name = ${metric} and day = ${day}
      on conflict (user_id, metric_name, day) do update
        set value = excluded.value, text_value = excluded.text_value, changed_at = now(),
          previous_value = d.value, previous_text_value = d.text_value
        where (d.value, d.text_value) is distinct from (excluded.value, excluded.text_value)`.execute(db)
    return
  }
  const { time_zone: zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
  await rollUp(db, { userId, sourceId: owner, zone, slices: [{ fields: [field], from: day, to: day }] })
}
