import type { Job, ValuesChanged, Watcher } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { type EventBatch, readEvents } from '../events/read-events.ts'
import { listOpenJobs, readJob } from './read-jobs.ts'

const mostOfUser = 6
const usualSweepMs = 15_000

/** Those who watch in this process what changes for a user. */
export interface Watches {
  watch(userId: string, watcher: Watcher, after?: string): Promise<() => void>
  /** Ends all and begins no other, so that the process can end. */
  end(): void
}

/** Passes events on to watchers as they are written. A notification that was lost is made good by a regular look at the outbox. */
export function createWatches(parts: WatchParts, sweepMs = usualSweepMs): Watches {
  const watches = new Map<string, Set<() => void>>()
  let ending = false

  async function watch(userId: string, watcher: Watcher, after?: string): Promise<() => void> {
    if (ending) throw new Problem(503, 'ending', 'Tributary is ending. Try again in a moment.')
    const own = watches.get(userId) ?? new Set()
    if (own.size >= mostOfUser) {
      throw new Problem(
        429,
        'too-many-watches',
        `Imports are watched from ${mostOfUser} places already. Close a page of Tributary and try again.`,
      )
    }
    const follower = new Follower(parts, userId, watcher, after)
    const { notifications } = parts
    const stopEvents = notifications.on('event_written', (user) => {
      if (user === userId) follower.readEvents()
    })
    const stopProgress = notifications.on('import_job_progress', (payload) => {
      const [user, job] = payload.split(' ')
      if (user === userId && job !== undefined) follower.passOn(job)
    })
    const sweep = setInterval(() => follower.readEvents(), sweepMs)
    const end = () => {
      if (!own.delete(end)) return
      clearInterval(sweep)
      stopEvents()
      stopProgress()
      if (own.size === 0) watches.delete(userId)
      follower.end()
    }
    watches.set(userId, own.add(end))
    await follower.begin().catch((error: unknown) => {
      end()
      throw error
    })
    return end
  }

  return {
    watch,
    end() {
      ending = true
      for (const own of watches.values()) for (const end of own) end()
    },
  }
}

type WatchParts = Pick<Parts, 'database' | 'notifications' | 'log'>

/** Follows the outbox for one watcher. */
class Follower {
  readonly #parts: WatchParts
  readonly #userId: string
  readonly #watcher: Watcher
  #cursor: string | undefined
  /** Whether events may have been written since the last read. */
  #behind = false
  /** Jobs to pass on as they are then: what changes again meanwhile is passed on once. */
  readonly #due = new Set<string>()
  /** Each job that has not ended, as it was last passed on. */
  readonly #shown = new Map<string, string>()
  /** Those whose end was passed on: they change no more. */
  readonly #ended = new Set<string>()
  /** Whether the jobs that had not ended at first are known. */
  #listed = false
  #working = false
  #over = false

  constructor(parts: WatchParts, userId: string, watcher: Watcher, after: string | undefined) {
    this.#parts = parts
    this.#userId = userId
    this.#watcher = watcher
    this.#cursor = after
  }

  /** Resolves when its place in the outbox is known: whatever happens from then on is passed on. */
  async begin(): Promise<void> {
    this.#cursor ??= (await this.#read()).cursor
    this.readEvents()
  }

  readEvents(): void {
    this.#behind = true
    this.#work()
  }

  passOn(jobId: string): void {
    this.#due.add(jobId)
    this.#work()
  }

  end(): void {
    this.#over = true
    this.#watcher.ended()
  }

  /** One after the other, whatever arrives meanwhile. */
  #work(): void {
    if (this.#working || this.#cursor === undefined) return
    this.#working = true
    const work = async () => {
      if (!this.#listed)
        for (const id of await listOpenJobs(this.#parts.database, this.#userId)) this.#due.add(id)
      this.#listed = true
      while (!this.#over && (this.#behind || this.#due.size > 0)) {
        await this.#passJobs()
        await this.#readOutbox()
      }
    }
    work()
      .catch((err: unknown) => this.#parts.log.warn({ err }, 'a change could not be passed on to a page'))
      .finally(() => (this.#working = false))
  }

  #read(): Promise<EventBatch> {
    return this.#parts.database.asUser(this.#userId, (db) => readEvents(db, this.#userId, this.#cursor))
  }

  async #passJobs(): Promise<void> {
    for (const id of this.#due) {
      this.#due.delete(id)
      const job = await readJob(this.#parts.database, this.#userId, id)
      if (job && !this.#over) await this.#passJob(job)
    }
  }

  async #passJob(job: Job): Promise<void> {
    const text = JSON.stringify(job)
    if (this.#ended.has(job.id) || this.#shown.get(job.id) === text) return
    if (job.finishedAt === null) this.#shown.set(job.id, text)
    else {
      this.#shown.delete(job.id)
      this.#ended.add(job.id)
    }
    await this.#watcher.jobChanged(job)
  }

  async #readOutbox(): Promise<void> {
    while (this.#behind && !this.#over) {
      this.#behind = false
      const { events, cursor, more } = await this.#read()
      const values: ValuesChanged[] = []
      for (const event of events) {
        if (event.kind === 'job-changed') this.#due.add(event.payload.jobId)
        if (event.kind === 'values-changed') values.push(event.payload)
      }
      await this.#passJobs()
      for (const changes of values) if (!this.#over) await this.#watcher.valuesChanged(changes)
      // Only now: who is cut off before it reads these again.
      if (!this.#over && cursor !== this.#cursor) await this.#watcher.reached(cursor)
      this.#cursor = cursor
      this.#behind ||= more
    }
  }
}
