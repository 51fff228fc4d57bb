import type { Job, JobWatcher } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { listOpenJobs, readJob } from './read-jobs.ts'

const mostOfUser = 6
const usualSweepMs = 15_000

/** Those who watch jobs in this process. */
export interface JobWatches {
  watch(userId: string, watcher: JobWatcher): () => void
  /** Ends all and begins no other, so that the process can end. */
  end(): void
}

/** Tells watchers of jobs as they change; a word that was lost is made good by a sweep. */
export function createJobWatches(
  { database, notifications, log }: Pick<Parts, 'database' | 'notifications' | 'log'>,
  sweepMs = usualSweepMs,
): JobWatches {
  const watches = new Map<string, Set<() => void>>()
  let ending = false

  function watch(userId: string, watcher: JobWatcher): () => void {
    if (ending) throw new Problem(503, 'ending', 'Tributary is ending. Try again in a moment.')
    const own = watches.get(userId) ?? new Set()
    if (own.size >= mostOfUser) {
      throw new Problem(
        429,
        'too-many-watches',
        `Imports are watched from ${mostOfUser} places already. Close a page of Tributary and try again.`,
      )
    }
    const due = new Set<string>()
    /** Jobs that have not ended, as they were last told. */
    const told = new Map<string, string>()
    /** Those whose end was told: they change no more. */
    const ended = new Set<string>()
    let telling = false
    let over = false

    const silence = notifications.on('import_job_changed', (payload) => {
      const [user, job] = payload.split(' ')
      if (user === userId && job !== undefined) tellOf([job])
    })
    const sweep = setInterval(() => tellOf(told.keys()), sweepMs)
    const end = () => {
      if (over) return
      over = true
      clearInterval(sweep)
      silence()
      own.delete(end)
      if (own.size === 0) watches.delete(userId)
      watcher.ended()
    }
    watches.set(userId, own.add(end))
    listOpenJobs(database, userId).then((ids) => tellOf(ids), warn)
    return end

    function tellOf(ids: Iterable<string>): void {
      for (const id of ids) due.add(id)
      if (telling) return
      telling = true
      tellDue()
        .catch(warn)
        .finally(() => (telling = false))
    }

    /** One after the other: what changes again meanwhile is told once, as it is then. */
    async function tellDue(): Promise<void> {
      for (const id of due) {
        due.delete(id)
        const job = await readJob(database, userId, id)
        if (over) return
        if (job) await tell(job)
      }
    }

    async function tell(job: Job): Promise<void> {
      const text = JSON.stringify(job)
      if (ended.has(job.id) || told.get(job.id) === text) return
      if (job.finishedAt === null) told.set(job.id, text)
      else {
        told.delete(job.id)
        ended.add(job.id)
      }
      await watcher.changed(job)
    }

    function warn(err: unknown): void {
      log.warn({ err }, 'a change of a job could not be told')
    }
  }

  return {
    watch,
    end() {
      ending = true
      for (const own of watches.values()) for (const end of own) end()
    },
  }
}
