const dayLength = 86_400_000

/** Whether a text is a civil day that exists, `YYYY-MM-DD`. Year 0 is none to PostgreSQL, and days are counted back from one. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1000') return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && toDay(time) === text
}

/** The day so many days after (or, negative, before) another. */
export function addDays(day: string, count: number): string {
  return toDay(Date.parse(`${day}T00:00:00Z`) + count * dayLength)
}

/** How many days lie from one day to another; 0 for the same. */
export function countDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayLength)
}

/** The civil day of an instant in a zone. */
export function dayIn(timeZone: string, instant: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return parts.format(instant)
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
