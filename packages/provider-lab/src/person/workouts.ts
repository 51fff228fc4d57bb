import type { TrueMinutes } from './live-day.ts'
import { RUNNING_CADENCE } from './minute-effort.ts'

/** A walk or a run that a device notices by itself. Minutes are counted from the epoch. */
export interface Workout {
  readonly kind: 'run' | 'walk'
  readonly start: number
  readonly end: number
}

const WALKING_CADENCE = 80
const SHORTEST_RUN = 10
const SHORTEST_WALK = 30

/** The workouts of one day, first to last. */
export function workoutsOf({ start, steps, removedWorkouts = [] }: TrueMinutes): Workout[] {
  const found: Workout[] = []
  let from = 0
  for (let i = 0; i <= steps.length; i++) {
    if (i > from && paceOf(steps[i]) !== paceOf(steps[from])) {
      const kind = paceOf(steps[from])
      const shortest = kind === 'run' ? SHORTEST_RUN : SHORTEST_WALK
      if (kind && i - from >= shortest) found.push({ kind, start: start + from, end: start + i })
      from = i
    }
  }
  return found.filter((_, index) => !removedWorkouts.includes(index))
}

function paceOf(steps = 0): Workout['kind'] | undefined {
  if (steps >= RUNNING_CADENCE) return 'run'
  return steps >= WALKING_CADENCE ? 'walk' : undefined
}
