import type { Remap } from '@tributary/engine'
import { untrack } from 'svelte'
import { invalidateAll } from '$app/navigation'
import { ApiError, callApi } from '../call-api.ts'

const lookEveryMs = 1000

/** A remap of a connection's stored answers, as it is now. */
export class LiveRemap {
  remap: Remap | null = $state.raw(null)
  busy = $state(false)
  problem: string | null = $state(null)
  readonly #path: string

  constructor(pluginId: string, remap: Remap | null) {
    this.#path = `/api/plugins/${pluginId}/remap`
    this.remap = remap
  }

  /** Whether a worker is at it. */
  get moves(): boolean {
    return this.remap?.status === 'comparing' || this.remap?.status === 'applying'
  }

  /** Takes what the page has loaded again, unless it was asked for before the last one began. */
  accept(remap: Remap | null): void {
    const shown = untrack(() => this.remap)
    if (!shown || (remap && remap.createdAt >= shown.createdAt)) this.remap = remap
  }

  async act(action: 'begin' | 'apply' | 'cancel'): Promise<void> {
    this.busy = true
    this.problem = null
    try {
      const { remap } = await callApi<{ remap: Remap }>('POST', this.#path, { action })
      this.remap = remap
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) location.reload()
      this.problem = error instanceof Error ? error.message : 'That did not work. Try again in a moment.'
    } finally {
      this.busy = false
    }
  }

  /** Looks every second how far it has come. Returns what ends it. */
  follow(): () => void {
    const timer = setInterval(() => void this.#look(), lookEveryMs)
    return () => clearInterval(timer)
  }

  /** A look that fails is silent; the next one may do. */
  async #look(): Promise<void> {
    try {
      const { remap } = await callApi<{ remap: Remap | null }>('GET', this.#path)
      const ended = remap?.status === 'applied' && this.moves
      this.remap = remap
      if (ended) await invalidateAll()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) location.reload()
    }
  }
}
