import type { Slot } from './slots.ts'

/** A word under the axis. */
export interface DayLabel {
  index: number
  text: string
  /** A second line. */
  below: string | null
  /** Whether a narrow screen leaves it out. */
  spare: boolean
}

const format = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options })
  return (day: string) => formatter.format(new Date(`${day}T00:00:00Z`))
}
const weekday = format({ weekday: 'short' })
const dayNumber = format({ day: 'numeric' })
const dayAndMonth = format({ day: 'numeric', month: 'short' })
const month = format({ month: 'short' })

/** Names slots under the axis: each day of a week, the Mondays of a month, the months of a year. */
export function dayLabels(slots: Slot[]): DayLabel[] {
  if (slots.length <= 7) {
    return slots.map(({ from }, index) => ({
      index,
      text: weekday(from),
      below: dayNumber(from),
      spare: false,
    }))
  }
  const weekly = slots.some(({ from, to }) => from !== to)
  const marked = slots.map(({ from, to }, index) => ({ from, to, index }))
  if (!weekly) {
    return marked
      .filter(({ from }) => weekday(from) === 'Mon')
      .map(({ from, index }) => ({ index, text: dayAndMonth(from), below: null, spare: false }))
  }
  return marked
    .filter(
      ({ from, to }) =>
        Number(to.slice(8)) <= 7 && (to.slice(0, 7) !== from.slice(0, 7) || from.endsWith('-01')),
    )
    .map(({ to, index }, position) => ({ index, text: month(to), below: null, spare: position % 2 === 1 }))
}
