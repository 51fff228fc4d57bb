import { pushStream } from '../domain/push-stream.ts'
import { addDays } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { type StreamDataType, typeKey } from '../sources/data-types.ts'
import { instantsOf, zonesApart } from '../calendar/day-starts.ts'
import type { SourceAccount } from '../domain/source-account.ts'

/** Days of a data type, and the fetch that is the newest complete one of them. */
export interface RemapWindow extends StreamDataType {
  from: string
  to: string
  fetchId: string
  zone: string
  /** A newer answer, of another zone, speaks of its days but not of all their hours: it says only what was measured in them. */
  hoursOnly: boolean
}

interface CompleteFetch {
  id: string
  stream: string
  data_type: string
  from_day: string
  to_day: string
  zone: string | null
  /** Its pages are gone. */
  pages_removed_at: Temporal.Instant | null
}

/**
 * Says for every day of an account's data types which stored answer counts: the newest that was read completely. Days of which
 * that is not kept any more are left out, and stay as they are.
 */
export async function planRemap(
  db: Transaction,
  { userId, sourceId, accountId }: SourceAccount,
  zone: string,
): Promise<RemapWindow[]> {
  const fetches = await db
    .selectFrom('fetches')
    .select(['id', 'stream', 'data_type', 'from_day', 'to_day', 'zone', 'pages_removed_at'])
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('account_id', '=', accountId)
    .where('covered_at', 'is not', null)
    .where('upload_id', 'is', null)
    .where('stream', '<>', pushStream)
    .orderBy('id', 'desc')
    .execute()
  return newestByDay(fetches, zone)
}

/** `fetches`: the newest first. */
export function newestByDay(fetches: CompleteFetch[], zone: string): RemapWindow[] {
  const types = new Map<string, SpokenDays>()
  return fetches.flatMap(({ id, stream, data_type, from_day, to_day, zone: own, pages_removed_at }) => {
    const type = { stream, dataType: data_type }
    const spoken = types.get(typeKey(type)) ?? new SpokenDays()
    types.set(typeKey(type), spoken)
    const window = { ...type, fetchId: id, zone: own ?? zone }
    const windows: RemapWindow[] = []
    for (let day = from_day; day <= to_day; day = addDays(day, 1)) {
      const left = spoken.take(day, window.zone, pages_removed_at === null)
      if (left === 'nothing') continue
      const hoursOnly = left === 'hours'
      const last = windows.at(-1)
      if (last && addDays(last.to, 1) === day && last.hoursOnly === hoursOnly) last.to = day
      else windows.push({ ...window, from: day, to: day, hoursOnly })
    }
    return pages_removed_at ? [] : windows
  })
}

/** The days of a data type of which newer answers speak, by the zones that they were asked in. */
class SpokenDays {
  /** Whether the answer of a day is still kept. */
  readonly #kept = new Map<string, Map<string, boolean>>()

  /** Takes a day for an older answer, and says what the newer ones left to it. */
  take(day: string, zone: string, kept: boolean): 'all' | 'hours' | 'nothing' {
    const mine = this.#kept.get(zone) ?? new Map<string, boolean>()
    this.#kept.set(zone, mine)
    if (mine.has(day)) return 'nothing'
    mine.set(day, kept)
    const others = [...this.#kept].filter(([other]) => other !== zone)
    if (!others.some(([, days]) => days.has(day))) return 'all'
    const { start, end } = instantsOf({ from: day, to: day }, zone)
    let left = [{ start, end }]
    for (const [other, days] of others)
      for (let near = addDays(day, -zonesApart); near <= addDays(day, zonesApart); near = addDays(near, 1)) {
        const stillKept = days.get(near)
        if (stillKept === undefined) continue
        const spoken = instantsOf({ from: near, to: near }, other)
        // What an answer said that is gone stays as it is stored, though an older one speaks of it.
        if (!stillKept && spoken.start < end && spoken.end > start) return 'nothing'
        left = left.flatMap((hours) => [
          { start: hours.start, end: Math.min(hours.end, spoken.start) },
          { start: Math.max(hours.start, spoken.end), end: hours.end },
        ])
        left = left.filter((hours) => hours.start < hours.end)
      }
    return left.length > 0 ? 'hours' : 'nothing'
  }
}
