import type { Job } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { getJob } from './read-jobs.ts'
import type { JobStatus } from '../domain/states.ts'

const atWork: readonly JobStatus[] = ['queued', 'running']

/** Waits until a job has ended or must wait for its time, but no longer than `ms`; gives it as it is then. */
export async function waitForJob(
  { database, notifications }: Parts,
  userId: string,
  id: string,
  ms: number,
): Promise<Job> {
  const timeout = AbortSignal.timeout(ms)
  let wake = () => {}
  const silence = notifications.on('event_written', (payload) => {
    if (payload === userId) wake()
  })
  timeout.addEventListener('abort', () => wake())
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve))
      const job = await getJob(database, userId, id)
      if (!atWork.includes(job.status) || timeout.aborted) return job
      await changed
    }
  } finally {
    silence()
  }
}
