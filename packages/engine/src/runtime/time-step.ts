import { tracingChannel } from 'node:diagnostics_channel'

/** The steps of an import job, for whoever measures where its time goes; nothing is measured while nobody listens. */
export const stepChannel = 'tributary:job-step'

export interface TimedStep {
  step: 'claim' | 'prepare' | 'fetch' | 'archive' | 'map' | 'write' | 'close'
}

const channel = tracingChannel<TimedStep, TimedStep>(stepChannel)

/** Does one step of a job. */
export function timeStep<Result>(step: TimedStep['step'], work: () => Promise<Result>): Promise<Result> {
  return channel.tracePromise(work, { step })
}
