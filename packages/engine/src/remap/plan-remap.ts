import { addDays } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import type { Account } from '../import-run/find-series.ts'

/** Days of a stream, and the fetch that is the newest complete one of them. */
export interface RemapWindow {
  stream: string
  from: string
  to: string
  fetchId: string
  zone: string
}

interface CompleteFetch {
  id: string
  stream: string
  from_day: string
  to_day: string
  zone: string | null
  /** Its pages are gone. */
  pages_removed_at: Temporal.Instant | null
}

/**
 * Says for every day of an account's streams which stored answer counts: the newest that was read completely. Days of which
 * that is not kept any more are left out, and stay as they are.
 */
export async function planRemap(
  db: Transaction,
  { userId, sourceId, accountId }: Account,
  zone: string,
): Promise<RemapWindow[]> {
  const fetches = await db
    .selectFrom('fetches')
    .select(['id', 'stream', 'from_day', 'to_day', 'zone', 'pages_removed_at'])
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('account_id', '=', accountId)
    .where('covered_at', 'is not', null)
    .where('upload_id', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  return newestByDay(fetches, zone)
}

/** `fetches`: the newest first. */
export function newestByDay(fetches: CompleteFetch[], zone: string): RemapWindow[] {
  const taken = new Map<string, Set<string>>()
  return fetches.flatMap(({ id, stream, from_day, to_day, zone: own, pages_removed_at }) => {
    const days = taken.get(stream) ?? new Set()
    taken.set(stream, days)
    const windows: RemapWindow[] = []
    for (let day = from_day; day <= to_day; day = addDays(day, 1)) {
      if (days.has(day)) continue
      days.add(day)
      const last = windows.at(-1)
      if (last && addDays(last.to, 1) === day) last.to = day
      else windows.push({ stream, from: day, to: day, fetchId: id, zone: own ?? zone })
    }
    return pages_removed_at ? [] : windows
  })
}
