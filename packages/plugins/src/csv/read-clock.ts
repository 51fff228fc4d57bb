/** A time of day as a cell says it. */
export interface ClockTime {
  /** Milliseconds since midnight. */
  time: number
  /** How far the clock is ahead of UTC, in milliseconds, where the cell says so. */
  offset?: number
}

const longestClock = 60
const half = String.raw`(?:\s?([ap])\.?\s?m\.?)?`
const zone = String.raw`(?:\s?(Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?[0-5]\d)?|UTC|GMT)(?:\s?[[(][^\])]{1,40}[\])])?)?`
const hands = String.raw`(\d{1,2})([:.h])([0-5]\d)(?:\2([0-5]\d)(?:[.,](\d{1,9}))?)?`
const written = `${hands}${half}(?:\\s?Uhr)?${zone}$`
const afterDate = new RegExp(`^(?:T|_|,?\\s{1,3}(?:at\\s|um\\s|-\\s)?)${written}`, 'i')
const alone = new RegExp(`^${written}`, 'i')
const hourAlone = new RegExp(`^(\\d{1,2})()()${half}(?:\\s?Uhr)?$`, 'i')
const compactAfterDate = new RegExp(`^T(\\d\\d)()([0-5]\\d)([0-5]\\d)?(?:[.,](\\d{1,9}))?()${zone}$`, 'i')

/** Reads what follows a date, from the sign between them on; `undefined` where it is no time of day. */
export function readClockAfterDate(text: string): ClockTime | undefined {
  if (text.length > longestClock) return undefined
  return clockOf(afterDate.exec(text) ?? compactAfterDate.exec(text))
}

/** Reads a trimmed cell as a time of day from 00:00 to 24:00, or as an hour of it; `undefined` where it is none. */
export function readClock(cell: string): ClockTime | undefined {
  if (cell.length > longestClock) return undefined
  const hour = hourAlone.exec(cell)
  return hour ? clockOf([hour[0], hour[1] ?? '', '', '', '', '', hour[4]]) : clockOf(alone.exec(cell))
}

function clockOf(match: (string | undefined)[] | null): ClockTime | undefined {
  if (!match) return undefined
  const [, hours, , minutes, seconds = '', fraction = '', half, zone] = match
  const hour = half ? hourOf(Number(hours), half) : Number(hours)
  if (hour === undefined) return undefined
  const time =
    (hour * 60 + Number(minutes)) * 60_000 + Math.trunc(Number(`${seconds}.${fraction}0`) * 1000 + 1e-6)
  const offset = zone === undefined ? undefined : offsetOf(zone)
  if (time > 24 * 3_600_000 || Number.isNaN(offset)) return undefined
  return { time, ...(offset !== undefined && { offset }) }
}

const timeShape = /^(-?)(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\s?([ap])\.?\s?m\.?|\s?Uhr)?$/i

/** Minutes from midnight of a time of day `HH:MM` or `HH:MM:SS`, with `am` or `pm` or without. */
export function readTime(cell: string): number | undefined {
  const match = cell.length > longestClock ? null : timeShape.exec(cell)
  if (!match) return undefined
  const [, sign, hours, minutes, seconds = '0', half] = match
  const hour = half ? hourOf(Number(hours), half) : Number(hours)
  const time = (hour ?? NaN) * 60 + Number(minutes) + Number(seconds) / 60
  if (!(time <= 24 * 60)) return undefined
  return sign ? -time : time
}

/** The hour of the day by a clock of twelve hours. */
function hourOf(hour: number, half: string): number | undefined {
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

/** An offset from UTC in milliseconds; `NaN` where no clock on earth has it. */
function offsetOf(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d?)(?::?(\d\d))?$/.exec(text) ?? []
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  if (offset > 18 * 3_600_000) return NaN
  return sign === '-' ? -offset : offset
}
