import { addDays } from '../days.ts'

const name = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' })

/** A month in words, e.g. `November 2026`. */
export const monthName = (month: string): string => name.format(new Date(`${month}-01T00:00:00Z`))

/** Neighbouring months in words, oldest first, e.g. `September – November 2026`. */
export const monthRange = (months: string[]): string =>
  // Server and browser may know different spaces around the dash; the page must not change when its script starts.
  name
    .formatRange(new Date(`${months[0]}-01T00:00:00Z`), new Date(`${months.at(-1)}-01T00:00:00Z`))
    .replace(/\s/g, ' ')

/** The month so many after (or, negative, before) another, `YYYY-MM`. */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count)).toISOString().slice(0, 7)
}

export const firstDay = (month: string): string => `${month}-01`
export const lastDay = (month: string): string => addDays(`${addMonths(month, 1)}-01`, -1)

/** The weeks of a month, Monday first; `null`: a day of another month. */
export function weeksOf(month: string): (string | null)[][] {
  const days: (string | null)[] = []
  for (let day = firstDay(month); day <= lastDay(month); day = addDays(day, 1)) days.push(day)
  const before = (new Date(`${month}-01T00:00:00Z`).getUTCDay() + 6) % 7
  const padded = [...Array<null>(before).fill(null), ...days]
  while (padded.length % 7 > 0) padded.push(null)
  return Array.from({ length: padded.length / 7 }, (_, week) => padded.slice(week * 7, week * 7 + 7))
}

/** Whether a text is a month, `YYYY-MM`. */
export const isMonth = (text: string): boolean => /^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(text)
