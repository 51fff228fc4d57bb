import type { AdminConfiguration, AdminSetting, Check } from '@tributary/engine'
import { SvelteSet } from 'svelte/reactivity'
import { callApi } from '../call-api.ts'
import { changedValues, type Draft, toDraft } from './changed-values.ts'

/** A group of settings while an admin edits it: what is typed, saved and tried. */
export class SettingsForm {
  settings: AdminSetting[] = $state.raw([])
  draft: Draft = $state({})
  readonly removed = new SvelteSet<string>()
  busy: 'save' | 'test' | null = $state(null)
  problem: string | null = $state(null)
  saved = $state(false)
  checks: Check[] | null = $state.raw(null)

  readonly changes = $derived(changedValues(this.settings, this.draft, this.removed))
  readonly dirty = $derived(Object.keys(this.changes).length > 0)

  constructor(settings: AdminSetting[]) {
    this.settings = settings
    this.draft = toDraft(settings)
  }

  /** Takes what is kept now; what is typed and not saved stays. */
  accept(settings: AdminSetting[]): void {
    const typed = this.changes
    this.settings = settings
    this.draft = { ...toDraft(settings), ...this.#entered(typed) }
  }

  remove(key: string, removed: boolean): void {
    if (removed) {
      this.removed.add(key)
      this.draft[key] = ''
    } else this.removed.delete(key)
  }

  /** Sends what was changed; gives the whole configuration, or `null` where that did not work. */
  async save(): Promise<AdminConfiguration | null> {
    return this.#attempt('save', async () => {
      const kept = await callApi<AdminConfiguration>('PUT', '/api/admin/configuration', this.changes)
      this.removed.clear()
      this.draft = toDraft(this.settings)
      this.saved = true
      return kept
    })
  }

  async test(pluginId: string): Promise<void> {
    await this.#attempt('test', async () => {
      const { checks } = await callApi<{ checks: Check[] }>('POST', `/api/admin/plugins/${pluginId}/test`)
      this.checks = checks
    })
  }

  #entered(changes: Record<string, string | null>): Draft {
    return Object.fromEntries(Object.keys(changes).map((key) => [key, this.draft[key] ?? '']))
  }

  async #attempt<Result>(what: 'save' | 'test', work: () => Promise<Result>): Promise<Result | null> {
    this.busy = what
    this.problem = null
    this.saved = false
    if (what === 'test') this.checks = null
    try {
      return await work()
    } catch (error) {
      this.problem = (error as Error).message
      return null
    } finally {
      this.busy = null
    }
  }
}
