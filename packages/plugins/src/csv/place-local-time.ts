/** Finds the instant of a local time, in milliseconds since 1970; `undefined` where the clock skipped it. */
export type LocalClock = (midnight: number, time: number) => number | undefined

/**
 * Makes the clock of a zone for times in the order of a file, both given as if they were in UTC.
 *
 * In the night when the clock goes back an hour comes twice, and the file names no offset: there a time is the one that goes
 * on in the direction in which the file runs, so that an hour's second round is not taken for a correction of its first.
 */
export function createLocalClock(zone: string): LocalClock {
  const offsets = new Map<number, number | undefined>()
  let before = -Infinity
  let forward = true

  function evenOffset(midnight: number): number | undefined {
    if (!offsets.has(midnight)) offsets.set(midnight, offsetOfDay(midnight, zone))
    return offsets.get(midnight)
  }

  function place(midnight: number, time: number): number | undefined {
    const offset = evenOffset(midnight)
    if (offset !== undefined) return midnight + time - offset
    const local = plain(midnight + time)
    const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
    if (!earlier.toPlainDateTime().equals(local)) return undefined
    const first = earlier.epochMilliseconds
    const second = local.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds
    if (forward) return first > before ? first : second
    return second < before ? second : first
  }

  return (midnight, time) => {
    const at = place(midnight, time)
    if (at === undefined || at === before) return at
    forward = at > before
    before = at
    return at
  }
}

/** The offset of a day on which it does not change. */
function offsetOfDay(midnight: number, zone: string): number | undefined {
  const day = plain(midnight).toPlainDate()
  const start = day.toZonedDateTime(zone)
  const end = day.add({ days: 1 }).toZonedDateTime(zone)
  const whole = end.epochMilliseconds - start.epochMilliseconds === 24 * 3_600_000
  return whole && start.offsetNanoseconds === end.offsetNanoseconds
    ? start.offsetNanoseconds / 1e6
    : undefined
}

function plain(local: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime()
}
