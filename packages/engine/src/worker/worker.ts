import { patient } from '../database/database.ts'
import { setTimeout as pause } from 'node:timers/promises'
import { claimJob, releaseJob, type Lease, releaseLostJobs, renewJobLease } from '../jobs/claim-job.ts'
import type { Parts } from '../parts.ts'
import { repeat } from '../runtime/repeat.ts'
import { beginOutdatedRemaps } from '../remap/begin-outdated.ts'
import { runNextRemap } from '../remap/run-remaps.ts'
import { timeStep } from '../runtime/time-step.ts'
import { runJob } from './run-job.ts'
import type { ImportJob } from '../database/schema.ts'

export interface WorkerOptions {
  /** How many jobs at a time. */
  concurrency?: number
  /** After how many seconds without a sign of life a job is another's. */
  leaseSeconds?: number
  /** How often to look for what nobody told of. */
  sweepMs?: number
}

export interface Worker {
  /**
   * Claims no more jobs. Resolves when each that is at work has ended, or was given back before its next window; after
   * `graceMs` the others are given back too, and what they still do is not written.
   */
  stop(graceMs?: number): Promise<void>
}

const usualGraceMs = 8_000

/** Works on jobs as they come due: woken by the database's word, and by a sweep for what was lost or waits for its time. */
export function startWorker(parts: Parts, options: WorkerOptions = {}): Worker {
  const { concurrency = 4, leaseSeconds = 30, sweepMs = 2000 } = options
  const { database, notifications, clock, log } = parts
  const lease: Lease = { seconds: leaseSeconds }
  const atWork = new Map<Promise<void>, ImportJob>()
  let stopped = false
  let looking = false
  let lookAgain = false

  async function work(job: ImportJob): Promise<void> {
    let lost = false
    const heart = repeat(
      (leaseSeconds * 1000) / 3,
      async () => (lost ||= !(await renewJobLease(database, job, lease))),
      (err) => log.warn({ job: job.id, err }, 'a lease could not be renewed'),
    )
    try {
      await runJob(parts, job, () => lost || stopped)
      if (stopped) await releaseJob(database, job)
    } catch (error) {
      log.error({ job: job.id, err: error }, 'a job could not be settled; its lease gives it back')
    } finally {
      void heart.stop()
    }
  }

  /** One claimer at a time, however many wake it. */
  async function look(): Promise<void> {
    if (looking) {
      lookAgain = true
      return
    }
    looking = true
    try {
      do {
        lookAgain = false
        while (!stopped && atWork.size < concurrency) {
          const job = await timeStep('claim', () => claimJob(database, clock.now(), lease))
          if (!job) break
          const promise = work(job).finally(() => {
            atWork.delete(promise)
            void look()
          })
          atWork.set(promise, job)
        }
      } while (lookAgain && !stopped)
    } catch (error) {
      log.warn({ err: error }, 'jobs could not be looked for')
    } finally {
      looking = false
    }
  }

  let remapping: Promise<void> | undefined

  /** One remap at a time; imports go before it wherever both wait for the same values. */
  function lookForRemaps(): void {
    if (remapping || stopped) return
    remapping = (async () => {
      const patiently = { ...parts, database: patient(database) }
      while (!stopped && (await runNextRemap(patiently, leaseSeconds, () => stopped)));
    })()
      .catch((err: unknown) => log.error({ err }, 'a remap broke; it goes on where it was'))
      .finally(() => (remapping = undefined))
  }

  async function releaseLost(): Promise<void> {
    lookForRemaps()
    const count = await releaseLostJobs(database, clock.now())
    if (count > 0) log.warn({ count }, 'jobs were given back whose worker died')
    void look()
  }

  const sweep = repeat(sweepMs, releaseLost, (err) => log.warn({ err }, 'lost jobs could not be looked for'))
  const silences = [
    notifications.on('import_job_due', () => void look()),
    notifications.on('remap_due', lookForRemaps),
  ]
  const begun = beginOutdatedRemaps(parts).then(lookForRemaps, (err: unknown) => {
    log.error({ err }, 'it could not be seen which stored answers were read by an older mapping')
  })
  void look()

  async function ended(): Promise<void> {
    await sweep.stop()
    await begun
    await remapping
    while (atWork.size > 0 || looking)
      await Promise.all([...atWork.keys(), new Promise((done) => setImmediate(done))])
  }

  return {
    async stop(graceMs = usualGraceMs) {
      stopped = true
      for (const silence of silences) silence()
      const late = pause(graceMs, 'late' as const, { ref: false })
      if ((await Promise.race([ended(), late])) !== 'late') return
      for (const job of atWork.values()) await releaseJob(database, job)
    },
  }
}
