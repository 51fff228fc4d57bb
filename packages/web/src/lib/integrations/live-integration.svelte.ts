import type { Job, PluginStatus } from '@tributary/engine'
import { ApiError, callApi } from '../call-api.ts'
import { isFinished } from '../job-status.ts'
import type { SettingsChange } from './connection-draft.ts'

/** One source on the page: its state, kept fresh while something happens, and what a person can do to it. */
export class LiveIntegration {
  status: PluginStatus = $state.raw() as PluginStatus
  /** The import that was asked for on this page. */
  requested: Job | null = $state.raw(null)
  busy: 'sync' | 'disconnect' | 'change' | 'key' | null = $state(null)
  problem: string | null = $state(null)
  /** What is left to do after disconnecting. */
  notice: string | null = $state(null)

  readonly job = $derived(this.requested ?? this.status.job)
  #looking = false
  #lookAgain = false

  constructor(status: PluginStatus) {
    this.status = status
  }

  /** Takes what the page has loaded again. */
  accept(status: PluginStatus): void {
    this.status = status
  }

  async sync(): Promise<void> {
    await this.#attempt('sync', async () => {
      const { job } = await callApi<{ job: Job }>('POST', `/api/plugins/${this.status.plugin.id}/sync`, {})
      this.requested = job
      await this.look()
    })
  }

  async disconnect(deleteData: boolean): Promise<void> {
    await this.#attempt('disconnect', async () => {
      const query = deleteData ? '?data=delete' : ''
      const { notice = null } = await callApi<{ notice?: string }>(
        'DELETE',
        `/api/plugins/${this.status.plugin.id}${query}`,
      )
      this.notice = notice
      this.requested = null
      await this.look()
    })
  }

  /** Changes the connection's settings; tells whether that worked. */
  async change(settings: SettingsChange): Promise<boolean> {
    await this.#attempt('change', async () => {
      this.status = await callApi('PATCH', `/api/plugins/${this.status.plugin.id}`, settings)
    })
    return this.problem === null
  }

  /** Connects by a key, or by another one; gives what is wrong with it, `null` where nothing is. */
  async setKey(key: string): Promise<string | null> {
    await this.#attempt('key', async () => {
      this.status = await callApi('PUT', `/api/plugins/${this.status.plugin.id}/key`, { key })
    })
    const { problem } = this
    this.problem = null
    return problem
  }

  /** Asks how things stand. A look that fails is silent; signed out, the page says so. */
  async look(): Promise<void> {
    try {
      const [status, requested] = await Promise.all([
        callApi<PluginStatus>('GET', `/api/plugins/${this.status.plugin.id}`),
        isActive(this.requested)
          ? callApi<{ job: Job }>('GET', `/api/import-jobs/${this.requested.id}`)
          : null,
      ])
      this.status = status
      if (requested) this.requested = requested.job
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) location.reload()
    }
  }

  /** Takes a job as it is now; its end may have changed more than the job. */
  changed(job: Job): void {
    if (job.pluginId !== this.status.plugin.id) return
    const { job: shown } = this.status
    if (this.requested?.id === job.id) this.requested = job
    if (shown?.id === job.id) this.status = { ...this.status, job }
    if (shown?.id !== job.id || isFinished(job.status)) void this.#lookOnce()
  }

  /** Looks where something was going on. */
  missed(): void {
    const { history, state, enabled } = this.status
    const going = history !== null && !history.paused && (history.reached === null || history.daysLeft > 0)
    if (isActive(this.job) || (state === 'connected' && enabled && going)) void this.#lookOnce()
  }

  /** One look at a time, and another one after it for what happened meanwhile. */
  async #lookOnce(): Promise<void> {
    this.#lookAgain = true
    if (this.#looking) return
    this.#looking = true
    while (this.#lookAgain) {
      this.#lookAgain = false
      await this.look()
    }
    this.#looking = false
  }

  async #attempt(what: NonNullable<LiveIntegration['busy']>, work: () => Promise<void>): Promise<void> {
    this.busy = what
    this.problem = null
    this.notice = null
    try {
      await work()
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'That did not work. Try again in a moment.'
    } finally {
      this.busy = null
    }
  }
}

function isActive(job: Job | null): job is Job {
  return job !== null && !isFinished(job.status)
}
