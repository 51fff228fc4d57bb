import { addDays } from '../clock.ts'

const trailingDays = 7

/** The last seven days, today included. */
export function lastDays(today: string): { from: string; to: string } {
  return { from: addDays(today, 1 - trailingDays), to: today }
}
