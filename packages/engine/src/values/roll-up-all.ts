import type { Transaction } from '../database/database.ts'
import { rollUpDays } from './roll-up.ts'
import { touchedDays } from './touched-days.ts'
import type { ChangeBy } from './write-differences.ts'

/** Recomputes all daily values of a user, or those of one source. */
export async function rollUpAll(
  db: Transaction,
  by: ChangeBy,
  zone: string,
  sourceId?: string,
): Promise<void> {
  const { userId } = by
  const series = await db
    .selectFrom('series')
    .select(['source_id', 'field'])
    .distinct()
    .where('user_id', '=', userId)
    .$if(sourceId !== undefined, (query) => query.where('source_id', '=', sourceId ?? ''))
    .execute()
  for (const [id, fields] of Map.groupBy(series, ({ source_id }) => source_id)) {
    const days = await touchedDays(db, { userId, sourceId: id })
    const names = fields.map(({ field }) => field)
    await rollUpDays(db, { ...by, sourceId: id, zone, fields: names, days })
  }
}
