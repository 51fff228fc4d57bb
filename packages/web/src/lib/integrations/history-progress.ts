import { countDays } from '../days.ts'

/** How far back a source's history has been imported. */
export interface HistoryProgress {
  reached: string
  from: string
  complete: boolean
  /** Of all days from the first wished for until today, 0 to 1. */
  share: number
}

/** Measures how far history has come; `null` before its first day. */
export function historyProgress(
  history: { reached: string | null; from: string } | null,
  today: string,
): HistoryProgress | null {
  if (!history || history.reached === null) return null
  const { reached, from } = history
  const all = countDays(from, today) + 1
  const share = all <= 0 ? 1 : Math.min(1, Math.max(0, (countDays(reached, today) + 1) / all))
  return { reached, from, complete: reached <= from, share: reached <= from ? 1 : share }
}
