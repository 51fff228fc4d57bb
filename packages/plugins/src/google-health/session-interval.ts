import { z } from 'zod'
import { civilTime, instant, utcOffset, wallClock } from './civil.ts'

/**
 * When a session began and ended by the clock on the wall; one that goes on has no end. The civil times stand in reconciled
 * sessions only, elsewhere they follow from the offsets.
 */
export const sessionInterval = z
  .object({
    startTime: instant,
    startUtcOffset: utcOffset,
    civilStartTime: civilTime.optional(),
    endTime: instant.optional(),
    endUtcOffset: utcOffset.optional(),
    civilEndTime: civilTime.optional(),
  })
  .transform(({ startTime, startUtcOffset, civilStartTime, endTime, endUtcOffset, civilEndTime }) => ({
    start: civilStartTime ?? wallClock(startTime, startUtcOffset),
    end:
      endTime === undefined
        ? undefined
        : (civilEndTime ?? wallClock(endTime, endUtcOffset ?? startUtcOffset)),
    /** Milliseconds. */
    length: endTime === undefined ? undefined : endTime - startTime,
  }))
