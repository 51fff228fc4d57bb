import { localDay } from '../person/local-day.ts'
import type { Person } from '../person/person.ts'
import { changePerson } from './change-person.ts'
import { isLate } from './change.ts'
import type { Change, DayPart } from './change.ts'

/** What becomes of the person's data at the sources, on command: late arrivals, corrections, deletions. */
export interface ChangePlan {
  add(change: Change): void
  clear(): void
}

export interface KnownPersons extends ChangePlan {
  /** The person as a source knows it at a moment. */
  knownBy(source: string, at: Temporal.Instant): Person
}

/** Persons kept as they were known: enough for a few sources at two moments each. */
const MOST_KEPT = 16

export function createChangePlan(person: Person): KnownPersons {
  let planned: { change: Change; millis: number }[] = []
  const kept = new Map<string, Person>()

  return {
    add(change) {
      planned.push({ change, millis: whenOf(change, person) })
      planned.sort((one, other) => one.millis - other.millis)
      kept.clear()
    },
    clear() {
      planned = []
      kept.clear()
    },
    knownBy(source, at) {
      const now = at.epochMilliseconds
      const counts = planned.map(
        ({ change, millis }) =>
          (change.source === undefined || change.source === source) && isLate(change) === now < millis,
      )
      const key = counts.map(Number).join('')
      const known =
        kept.get(key) ??
        changePerson(
          person,
          planned.filter((_, index) => counts[index]).map(({ change }) => change),
        )
      kept.delete(key)
      kept.set(key, known)
      const [oldest] = kept.keys()
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
      return known
    },
  }
}

/** The moment from which a change counts, and up to which a late one does; milliseconds from the epoch. */
function whenOf(change: Change, person: Person): number {
  if (!isLate(change)) return Temporal.Instant.from(change.at).epochMilliseconds
  return (endOf(change.late, change.date, person) + change.hours * 60) * 60_000
}

function endOf(part: DayPart, date: string, person: Person): number {
  const { end } = localDay(date, person.zone)
  switch (part) {
    case 'night':
      return person.night(date)?.end ?? end
    case 'nap':
      return person.nap(date)?.end ?? end
    case 'weighing':
      return person.weighIn(date)?.minute ?? end
    default:
      return end
  }
}
