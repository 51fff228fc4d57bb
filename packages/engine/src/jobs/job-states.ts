import { sql } from 'kysely'

/** States of a job that no worker works at, and that one may take when its time has come. */
export const waitingStates = ['queued', 'waiting', 'retrying'] as const

/** States of a job that has ended. */
export const endedStates = ['succeeded', 'partial', 'failed', 'cancelled'] as const

/** States of a job that has not ended. */
export const openStates = ['running', ...waitingStates] as const

const isOneOf = (states: readonly string[]) =>
  sql<boolean>`status in (${sql.join(states.map((state) => sql.lit(state)))})`

/** That a job has not ended, or that it waits, in SQL: with literals, by which the planner finds the partial indexes. */
export const isOpen = isOneOf(openStates)
export const isWaiting = isOneOf(waitingStates)
