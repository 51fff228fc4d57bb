/**
 * Gives times of the wall clock, in their order within a day, the instants that they stand for, in milliseconds since 1970.
 *
 * Fitbit names neither zone nor offset. In the night when the clock goes back, an hour comes twice: a time that is not
 * after the one before it is the second of its kind. Times that the clock skipped are left out.
 */
export function* placeLocalTimes<Entry extends { time: string }>(
  date: string,
  zone: string,
  entries: Iterable<Entry>,
): Iterable<Entry & { at: number }> {
  const day = Temporal.PlainDate.from(date)
  let before = -Infinity
  for (const entry of entries) {
    const local = day.toPlainDateTime(entry.time)
    const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
    if (!first.toPlainDateTime().equals(local)) continue
    const second = local.toZonedDateTime(zone, { disambiguation: 'later' })
    const at = first.epochMilliseconds > before ? first.epochMilliseconds : second.epochMilliseconds
    before = at
    yield { ...entry, at }
  }
}
