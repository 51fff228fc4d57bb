const durationShape = /^(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,3}))?)?$/
const timeShape = /^(-?)(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\s?([ap])\.?m\.?)?$/i

/** Seconds of a duration `h:mm` or `h:mm:ss`; `undefined` where the cell is none. */
export function readDuration(cell: string): number | undefined {
  const match = durationShape.exec(cell)
  if (!match) return undefined
  const [, hours, minutes, seconds = '0', fraction = '0'] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`)
}

/** Minutes from midnight of a time of day `HH:MM` or `HH:MM:SS`, with `am` or `pm` or without. */
export function readTime(cell: string): number | undefined {
  const match = timeShape.exec(cell)
  if (!match) return undefined
  const [, sign, hours, minutes, seconds = '0', half] = match
  const hour = half ? hourOf(Number(hours), half) : Number(hours)
  const time = (hour ?? NaN) * 60 + Number(minutes) + Number(seconds) / 60
  if (!(time <= 24 * 60)) return undefined
  return sign ? -time : time
}

/** The hour of the day by a clock of twelve hours. */
export function hourOf(hour: number, half: string): number | undefined {
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}
