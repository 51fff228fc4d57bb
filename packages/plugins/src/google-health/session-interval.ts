import type { LocalTime } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { civilTime, instant, utcOffset, wallClock, zoneClock } from './civil.ts'

/**
 * When a session began and ended; one that goes on has no end. Civil times stand in reconciled sessions only, and offsets are
 * missing in some that other apps brought.
 */
export const sessionInterval = z
  .object({
    startTime: instant,
    startUtcOffset: utcOffset.optional(),
    civilStartTime: civilTime.optional(),
    endTime: instant.optional(),
    endUtcOffset: utcOffset.optional(),
    civilEndTime: civilTime.optional(),
  })
  .refine(({ startTime, endTime = startTime }) => endTime >= startTime, {
    error: 'it ends before it starts',
  })

export type SessionInterval = z.infer<typeof sessionInterval>

/** The interval by the clock on the wall: Google's civil times, else by their offsets, else in the person's zone. */
export function placeInterval(
  { startTime, startUtcOffset, civilStartTime, endTime, endUtcOffset, civilEndTime }: SessionInterval,
  zone: string,
): { start: LocalTime; end: LocalTime | undefined } {
  const place = (at: number, civil: Temporal.PlainDateTime | undefined, offset: number | undefined) => ({
    at,
    local: civil ?? (offset === undefined ? zoneClock(at, zone) : wallClock(at, offset)),
  })
  return {
    start: place(startTime, civilStartTime, startUtcOffset),
    end: endTime === undefined ? undefined : place(endTime, civilEndTime, endUtcOffset),
  }
}

/** The local days on which an interval that could not be read starts and ends; they throw where that is not known. */
export const startDayOf = (interval: Interval) => dayOf(interval, 'start')
export const endDayOf = (interval: Interval) => dayOf(interval, 'end')

type Interval = Record<string, unknown>

function dayOf(interval: Interval, edge: 'start' | 'end'): string {
  const civil = interval[edge === 'start' ? 'civilStartTime' : 'civilEndTime']
  if (civil !== undefined) return civilTime.parse(civil).toPlainDate().toString()
  const at = instant.parse(interval[`${edge}Time`])
  return wallClock(at, utcOffset.parse(interval[`${edge}UtcOffset`]))
    .toPlainDate()
    .toString()
}
