import { addDays } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { zonesApart } from './day-starts.ts'
import type { DayRange } from './plan-windows.ts'

/** The days of all of a user's files of a source, whatever zone each was cut by; `undefined` where there are none. */
export async function daysOfFiles(
  db: Transaction,
  { userId, sourceId }: { userId: string; sourceId: string },
): Promise<DayRange | undefined> {
  const { from, to } = await db
    .selectFrom('uploads')
    .select(({ fn }) => [fn.min('from_day').as('from'), fn.max('to_day').as('to')])
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('undone_at', 'is', null)
    .executeTakeFirstOrThrow()
  return from && to ? { from: addDays(from, -zonesApart), to: addDays(to, zonesApart) } : undefined
}
