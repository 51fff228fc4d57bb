import type { Job } from '@tributary/engine'
import { invalidateAll } from '$app/navigation'
import { ApiError, callApi } from '../call-api.ts'
import { isFinished } from '../job-status.ts'

const pageLength = 50

/** A connection's jobs, the newest first, as they are now. */
export class LiveConnection {
  jobs: Job[] = $state.raw([])
  /** Whether there are older ones. */
  more = $state(false)
  /** The import that was asked for on this page. */
  requested: Job | null = $state.raw(null)
  busy = $state(false)
  problem: string | null = $state(null)
  readonly #pluginId: string
  #reloading = false
  #reloadAgain = false

  constructor(pluginId: string, jobs: Job[]) {
    this.#pluginId = pluginId
    this.jobs = jobs
    this.more = jobs.length >= pageLength
  }

  /** Takes what the page has loaded again; what was loaded before stays below it. */
  accept(jobs: Job[]): void {
    const before = this.jobs.filter(({ id }) => !jobs.some((job) => job.id === id))
    this.jobs = [...jobs, ...before].sort(newestFirst)
  }

  /** Takes a job as it is now; its end changes coverage and more. */
  changed(job: Job): void {
    if (job.pluginId !== this.#pluginId) return
    if (this.requested?.id === job.id) this.requested = job
    this.jobs = [job, ...this.jobs.filter(({ id }) => id !== job.id)].sort(newestFirst)
    if (isFinished(job.status)) void this.#reload()
  }

  missed(): void {
    void this.#reload()
  }

  /** Asks for the import of days. */
  async importAgain(startDate: string, endDate: string): Promise<void> {
    await this.#attempt(async () => {
      const answer = await callApi<{ job: Job }>('POST', `/api/plugins/${this.#pluginId}/sync`, {
        startDate,
        endDate,
      })
      this.requested = answer.job
      this.changed(answer.job)
    })
  }

  async loadOlder(): Promise<void> {
    await this.#attempt(async () => {
      const { jobs } = await callApi<{ jobs: Job[] }>(
        'GET',
        `/api/import-jobs?plugin=${this.#pluginId}&before=${this.jobs.at(-1)?.createdAt ?? ''}`,
      )
      this.more = jobs.length >= pageLength
      this.accept([...this.jobs, ...jobs])
    })
  }

  /** One reload at a time, and another one after it for what happened meanwhile. */
  async #reload(): Promise<void> {
    this.#reloadAgain = true
    if (this.#reloading) return
    this.#reloading = true
    while (this.#reloadAgain) {
      this.#reloadAgain = false
      await invalidateAll()
    }
    this.#reloading = false
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.busy = true
    this.problem = null
    try {
      await work()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) location.reload()
      this.problem = error instanceof Error ? error.message : 'That did not work. Try again in a moment.'
    } finally {
      this.busy = false
    }
  }
}

const newestFirst = (one: Job, other: Job) => other.createdAt.localeCompare(one.createdAt)
