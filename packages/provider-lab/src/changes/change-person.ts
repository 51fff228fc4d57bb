import type { CodingBlock } from '../person/coding.ts'
import { STATE } from '../person/live-day.ts'
import type { TrueMinutes } from '../person/live-day.ts'
import { localDay } from '../person/local-day.ts'
import type { Sleep } from '../person/night.ts'
import { idleDay } from '../person/person.ts'
import type { Person } from '../person/person.ts'
import { isLate } from './change.ts'
import type { Change, DayPart } from './change.ts'

/** The person as those know it to whom these changes have happened, in their order. */
export function changePerson(person: Person, changes: readonly Change[]): Person {
  if (changes.length === 0) return person
  const byDate = Map.groupBy(changes, ({ date }) => date)
  const of = (date: string) => byDate.get(date) ?? []
  const lacks = (date: string, part: DayPart) => of(date).some((change) => takes(change, part))
  const made = new Map<string, TrueMinutes>()

  return {
    ...person,
    wears: (date) => !lacks(date, 'minutes') && person.wears(date),
    night: (date) => (lacks(date, 'night') ? undefined : of(date).reduce(rescore, person.night(date))),
    nap: (date) => (lacks(date, 'nap') ? undefined : person.nap(date)),
    coding: (date) => (lacks(date, 'coding') ? [] : of(date).reduce(changeCoding, person.coding(date))),
    restingHeartRate(date) {
      if (lacks(date, 'resting-heart-rate')) return undefined
      return of(date).reduce(
        (rate, change) => ('restingHeartRate' in change && rate ? change.restingHeartRate : rate),
        person.restingHeartRate(date),
      )
    },
    weighIn(date) {
      if (lacks(date, 'weighing')) return undefined
      return of(date).reduce(
        (weighIn, change) =>
          'weight' in change && weighIn ? { ...weighIn, weight: change.weight } : weighIn,
        person.weighIn(date),
      )
    },
    minutes(date) {
      if (!byDate.has(date)) return person.minutes(date)
      const minutes =
        made.get(date) ??
        (lacks(date, 'minutes')
          ? idleDay(localDay(date, person.zone))
          : of(date).reduce(changeMinutes, person.minutes(date)))
      made.set(date, minutes)
      return minutes
    },
  }
}

function takes(change: Change, part: DayPart): boolean {
  const taken = isLate(change) ? change.late : 'remove' in change ? change.remove : undefined
  return taken === part || taken === 'day'
}

function rescore(night: Sleep | undefined, change: Change): Sleep | undefined {
  if (!night || !('shortenNight' in change)) return night
  const stages = night.stages.map((entry) => ({ ...entry }))
  let left = Math.min(change.shortenNight, night.end - night.start - 1)
  const end = night.end - left
  for (let last = stages.at(-1); last && left > 0; last = stages.at(-1)) {
    const cut = Math.min(left, last.minutes)
    last.minutes -= cut
    left -= cut
    if (last.minutes === 0) stages.pop()
  }
  return { ...night, end, stages }
}

function changeCoding(blocks: readonly CodingBlock[], change: Change): readonly CodingBlock[] {
  if (!('multiplyCoding' in change)) return blocks
  return blocks.map((block) => ({
    ...block,
    end: block.start + Math.round((block.end - block.start) * change.multiplyCoding),
  }))
}

function changeMinutes(day: TrueMinutes, change: Change): TrueMinutes {
  if ('removeWorkout' in change)
    return { ...day, removedWorkouts: [...(day.removedWorkouts ?? []), change.removeWorkout] }
  if ('multiplySteps' in change) {
    return {
      ...day,
      steps: day.steps.map((steps) => Math.min(255, Math.round(steps * change.multiplySteps))),
    }
  }
  if (!('removeMinutes' in change)) return day
  const [from, to] = change.removeMinutes
  return {
    ...day,
    state: day.state.slice().fill(STATE.notWorn, from, to),
    steps: day.steps.slice().fill(0, from, to),
    heart: day.heart.slice().fill(0, from, to),
    floors: day.floors.slice().fill(0, from, to),
  }
}
