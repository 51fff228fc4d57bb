import { localDay } from '../clock.ts'
import type { Staged } from './stage-records.ts'

/** The days of records that could not be read, where they say them: of these days the source has something. */
export function rejectedDays(
  { rejections }: Pick<Staged, 'rejections'>,
  { from, to }: { from: string; to: string },
  zone: string,
): string[] {
  const days = rejections.flatMap(({ record }) => dayOf(record, zone) ?? [])
  return [...new Set(days)].filter((day) => day >= from && day <= to)
}

function dayOf(record: unknown, zone: string): string | undefined {
  const { date, start } = (record ?? {}) as { date?: string; start?: string | number }
  try {
    if (date !== undefined) return Temporal.PlainDate.from(date).toString()
    if (start === undefined) return undefined
    const instant =
      typeof start === 'number' ? Temporal.Instant.fromEpochMilliseconds(start) : Temporal.Instant.from(start)
    return localDay(instant, zone)
  } catch {
    return undefined
  }
}
