import type { Transaction } from '../database/database.ts'
import { rollUpDays } from './roll-up.ts'
import { touchedDays } from './touched-days.ts'

/** Recomputes all daily values of a user, or those of one source. */
export async function rollUpAll(
  db: Transaction,
  userId: string,
  zone: string,
  sourceId?: string,
): Promise<void> {
  const series = await db
    .selectFrom('series')
    .select(['source_id', 'field'])
    .distinct()
    .where('user_id', '=', userId)
    .$if(sourceId !== undefined, (query) => query.where('source_id', '=', sourceId ?? ''))
    .execute()
  for (const [id, fields] of Map.groupBy(series, ({ source_id }) => source_id)) {
    const days = await touchedDays(db, { userId, sourceId: id })
    await rollUpDays(db, { userId, sourceId: id, zone, fields: fields.map(({ field }) => field), days })
  }
}
