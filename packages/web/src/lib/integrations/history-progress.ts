import type { HistoryStatus } from '@tributary/engine'
import { countDays } from '../days.ts'

/** How far back a source's history has been imported. */
export interface HistoryProgress {
  reached: string
  from: string
  complete: boolean
  paused: boolean
  /** Of all days from the first requested until today, 0 to 1. */
  share: number
  /** How long the rest takes, in words; `null` where that is not known, or nothing goes on. */
  left: string | null
}

/** Measures how far history has come; `null` before its first day. */
export function historyProgress(history: HistoryStatus | null, today: string): HistoryProgress | null {
  if (!history || history.reached === null) return null
  const { reached, from, paused, daysLeft, secondsLeft } = history
  const all = countDays(from, today) + 1
  const complete = daysLeft === 0
  const share = complete || all <= 0 ? 1 : Math.min(1, Math.max(0, 1 - daysLeft / all))
  const left = complete || paused || secondsLeft === null ? null : timeLeft(secondsLeft)
  return { reached, from, complete, paused, share, left }
}

/** A time that is left, roughly, e.g. `about 3 minutes left`. */
export function timeLeft(seconds: number): string {
  if (seconds < 60) return 'less than a minute left'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `about ${counted(minutes, 'minute')} left`
  const hours = Math.round(seconds / 3600)
  return hours < 48 ? `about ${counted(hours, 'hour')} left` : `about ${Math.round(hours / 24)} days left`
}

function counted(count: number, name: string): string {
  return count === 1 ? `1 ${name}` : `${count} ${name}s`
}
