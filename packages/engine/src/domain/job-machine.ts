import type { JobStatus } from './states.ts'

/** Everything that happens to an import job after it was inserted. `docs/job-states.md` says what each means. */
export type JobEvent =
  | 'joined'
  | 'claimed'
  | 'released'
  | 'restarted'
  | 'crashed'
  | 'crashed-often'
  | 'limited'
  | 'failed-for-now'
  | 'succeeded'
  | 'partly-succeeded'
  | 'failed'
  | 'cancelled'

const waiting = {
  claimed: 'running',
  released: null,
  restarted: null,
  crashed: null,
  'crashed-often': null,
  limited: null,
  'failed-for-now': null,
  succeeded: null,
  'partly-succeeded': null,
  failed: null,
  cancelled: 'cancelled',
} as const

const ended = { ...waiting, joined: null, claimed: null, cancelled: null } as const

/** The state that each event leads to, by the state that a job is in; `null`: the event does not happen in it. */
export const jobMachine: Readonly<Record<JobStatus, Readonly<Record<JobEvent, JobStatus | null>>>> = {
  queued: { ...waiting, joined: 'queued' },
  waiting: { ...waiting, joined: 'waiting' },
  retrying: { ...waiting, joined: 'retrying' },
  running: {
    joined: null,
    claimed: null,
    released: 'queued',
    restarted: 'queued',
    crashed: 'queued',
    'crashed-often': 'retrying',
    limited: 'waiting',
    'failed-for-now': 'retrying',
    succeeded: 'succeeded',
    'partly-succeeded': 'partial',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  succeeded: ended,
  partial: ended,
  failed: ended,
  cancelled: ended,
}

const states = Object.keys(jobMachine) as JobStatus[]

/** The states of a job in which an event happens. */
export function statesBefore(event: JobEvent): JobStatus[] {
  return states.filter((state) => jobMachine[state][event] !== null)
}

/** The state that an event leads to; `undefined` where each state stays as it is. */
export function stateAfter(event: JobEvent): JobStatus | undefined {
  const after = new Set(states.flatMap((state) => jobMachine[state][event] ?? []))
  const [state] = after
  return after.size === 1 ? state : undefined
}

/** States of a job that no worker works at and that a worker may claim when its time has come. */
export const waitingStates = statesBefore('claimed')

/** States of a job that has not ended. */
export const openStates = statesBefore('cancelled')

/** States of a job that has ended. */
export const endedStates = states.filter((state) => !openStates.includes(state))
