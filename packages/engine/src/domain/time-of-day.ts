/**
 * Times of day in minutes from midnight, on a clock that has no first hour: 23:30 and 00:30 are an hour apart. The database
 * has the same rule in `tributary.times_together`. Imports nothing, so that pages use it too.
 */

const day = 24 * 60

/**
 * The mean direction of times on the clock, in minutes from midnight (-720 to 720); `null` where they have none, such as
 * 06:00 and 18:00. See Mardia and Jupp, Directional Statistics (2000), section 2.2.
 */
function meanDirection(times: number[]): number | null {
  const angles = times.map((time) => (time / day) * 2 * Math.PI)
  const sine = mean(angles.map(Math.sin))
  const cosine = mean(angles.map(Math.cos))
  if (Math.hypot(sine, cosine) < 1e-9) return null
  return exact((Math.atan2(sine, cosine) / (2 * Math.PI)) * day)
}

/**
 * Moves a time by whole days to within half a day of the mean direction of others. Times that are moved so can be averaged,
 * ordered and drawn like other numbers.
 */
export function placeNear(others: number[]): (time: number) => number {
  if (others.length === 0) return (time) => time
  const direction = meanDirection(others) ?? day / 2
  const middle = direction + day * nearest((mean(others) - direction) / day)
  return (time) => time - day * nearest((time - middle) / day)
}

/** The average time of day, e.g. 0 (midnight) for 23:30 and 00:30; `null` where there is none. */
export function meanTime(times: number[]): number | null {
  if (times.length === 0 || meanDirection(times) === null) return null
  return exact(mean(times.map(placeNear(times))))
}

/** How much later a time of day is than another, in minutes (-720 to 720): the shorter way around the clock. */
export function minutesLater(time: number, than: number): number {
  const difference = time - than
  return difference - day * nearest(difference / day)
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** The nearest whole number; the lower one of two that are equally near. */
function nearest(number: number): number {
  return Math.ceil(number - 0.5)
}

/** Drops what binary fractions add, so that a mean of 07:00 is not written as 06:59. */
function exact(minutes: number): number {
  return Math.round(minutes * 1e6) / 1e6 + 0
}
