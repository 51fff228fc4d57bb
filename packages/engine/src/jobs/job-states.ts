import { sql } from 'kysely'
import { openStates, waitingStates } from '../domain/job-machine.ts'
import type { JobStatus } from '../domain/states.ts'

/** States as a list in SQL: of literals, by which the planner finds the partial indexes. */
export const listStates = (states: readonly JobStatus[]) => sql.join(states.map((state) => sql.lit(state)))

const isOneOf = (states: readonly JobStatus[]) => sql<boolean>`status in (${listStates(states)})`

/** That a job has not ended, or that it waits. */
export const isOpen = isOneOf(openStates)
export const isWaiting = isOneOf(waitingStates)
