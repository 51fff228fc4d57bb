export { countDays, isDay } from '@tributary/api/civil-day'

const dayLength = 86_400_000

/** The day so many days after (or, negative, before) another. */
export function addDays(day: string, count: number): string {
  return toDay(Date.parse(`${day}T00:00:00Z`) + count * dayLength)
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
