const zone = { timeZone: 'UTC' } as const
const long = new Intl.DateTimeFormat('en-GB', {
  ...zone,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const short = new Intl.DateTimeFormat('en-GB', { ...zone, weekday: 'short', day: 'numeric', month: 'short' })
const plain = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short', year: 'numeric' })
const near = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short' })

const toDate = (day: string) => new Date(`${day}T00:00:00Z`)

/** A civil day in full, e.g. `Saturday 21 November 2026`. */
export const longDay = (day: string): string => long.format(toDate(day)).replace(',', '')

/** A civil day in a list of near ones, e.g. `Sat 21 Nov`. */
export const shortDay = (day: string): string => short.format(toDate(day)).replace(',', '')

/** A civil day in a sentence, e.g. `21 Nov 2026`. */
export const plainDay = (day: string): string => plain.format(toDate(day))

/** A civil day of a year that is known, e.g. `21 Nov`. */
export const nearDay = (day: string): string => near.format(toDate(day))

/** A range of days, e.g. `15–21 Nov 2026`. */
export const dayRange = (from: string, to: string): string =>
  // Server and browser may know different spaces around the dash; the page must not change when its script starts.
  plain.formatRange(toDate(from), toDate(to)).replace(/\s/g, ' ')
