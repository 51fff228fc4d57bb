/** States of a job that no worker works at, and that one may take when its time has come. */
export const waitingStates = ['queued', 'waiting', 'retrying'] as const

/** States of a job that has ended. */
export const endedStates = ['succeeded', 'partial', 'failed', 'cancelled'] as const

/** States of a job that has not ended. */
export const openStates = ['running', ...waitingStates] as const
