import type { Coverage, DayState } from '@tributary/engine'
import { addDays } from '../days.ts'

/** How a state is called, and what it means. */
export interface DayStateWords {
  name: string
  meaning: string
}

/** The states in the order in which one hides another, where streams are shown together: an answer hides no open question. */
export const dayStates: Record<DayState, DayStateWords> = {
  failed: { name: 'Failed', meaning: 'requested, without a response that could be read' },
  'never-asked': { name: 'Not imported', meaning: 'within the history, still to come' },
  'not-due-yet': { name: 'Pending', meaning: 'nothing there yet; requested again' },
  'has-data': { name: 'Has data', meaning: 'imported' },
  'had-none': { name: 'No data', meaning: 'imported, and the source had nothing' },
}

export const statesInOrder = Object.keys(dayStates) as DayState[]

/** The streams that a calendar is about: one, or all that are imported. */
export function streamsShown(streams: Coverage['streams'], chosen: string | null): Coverage['streams'] {
  if (chosen !== null) return streams.filter(({ id }) => id === chosen)
  return streams.filter(({ enabled, granted }) => enabled && granted)
}

/** The state of each day: of several streams the one that hides the others. */
export function stateByDay(streams: Coverage['streams']): Map<string, DayState> {
  const states = new Map<string, DayState>()
  for (const state of statesInOrder.toReversed())
    for (const { days } of streams)
      for (const { from, to } of days[state])
        for (let day = from; day <= to; day = addDays(day, 1)) states.set(day, state)
  return states
}
