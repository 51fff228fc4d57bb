import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { rollUp } from '../import-run/roll-up.ts'

/** Makes one day of one metric anew after an entry by hand: that of a template alone, or of a source's field. */
export async function rollUpEntry(
  db: Transaction,
  userId: string,
  metric: string,
  day: string,
): Promise<void> {
  const [owner = '', field = ''] = metric.split('.')
  if (owner === 'manual') {
    await sql`delete from daily_metric_values
      where user_id = ${userId} and metric_name = ${metric} and day = ${day}`.execute(db)
    await sql`insert into daily_metric_values (user_id, day, metric_name, source, value, text_value, basis)
      select user_id, day, metric_name, 'manual', value, text_value, 'manual' from manual_entries
      where user_id = ${userId} and metric_name = ${metric} and day = ${day}`.execute(db)
    return
  }
  const { time_zone: zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
  await rollUp(db, { userId, sourceId: owner, zone, slices: [{ fields: [field], from: day, to: day }] })
}
