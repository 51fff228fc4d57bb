import type { Job, PluginStatus } from '@tributary/engine'
import { callApi } from '../call-api.ts'
import { isFinished } from '../job-status.ts'
import { Live } from '../live.svelte.ts'
import { apiPath } from './connection-path.ts'
import type { SettingsChange } from './connection-draft.ts'

/** One source on the page: its state, and what a person can do to it. */
export type LiveIntegration = Live<PluginStatus, 'sync' | 'disconnect' | 'change' | 'key'>

const pathOf = ({ value }: LiveIntegration, below = '', query: Record<string, string> = {}) =>
  apiPath(value, below, query)

export function followIntegration(status: PluginStatus): LiveIntegration {
  const live: LiveIntegration = new Live(status, {
    read: () => callApi<PluginStatus>('GET', pathOf(live)),
    takeJob(job) {
      if (job.connectionId !== live.value.connection) return false
      const isShown = live.value.job?.id === job.id
      if (isShown) live.value = { ...live.value, job }
      return !isShown || isFinished(job.status)
    },
    mayHaveChanged: () => isAtWork(live),
  })
  return live
}

/** The import to show. */
export const jobOf = ({ requested, value }: LiveIntegration): Job | null => requested ?? value.job

function isAtWork(live: LiveIntegration): boolean {
  const { history, state, enabled } = live.value
  const job = jobOf(live)
  const goesOn = history !== null && !history.paused && (history.reached === null || history.daysLeft > 0)
  return (job !== null && !isFinished(job.status)) || (state === 'connected' && enabled && goesOn)
}

export function sync(live: LiveIntegration): Promise<boolean> {
  return live.act('sync', async () => {
    const { job } = await callApi<{ job: Job }>('POST', pathOf(live, '/sync'), {})
    live.requested = job
    await live.refresh()
  })
}

export function disconnect(live: LiveIntegration, deleteData: boolean): Promise<boolean> {
  return live.act('disconnect', async () => {
    const path = pathOf(live, '', { data: deleteData ? 'delete' : 'keep' })
    const { notice = null } = await callApi<{ notice?: string }>('DELETE', path)
    live.notice = notice
    live.requested = null
    // With its data the connection may be gone, where the source has others.
    if (!deleteData) await live.refresh()
  })
}

/** Changes the connection's settings. */
export function change(live: LiveIntegration, settings: SettingsChange): Promise<boolean> {
  return live.act('change', () => callApi<PluginStatus>('PATCH', pathOf(live), settings))
}

/**
 * Connects by a key, or by another one; `isNew`: as another account. Returns what is wrong with the key, `null` where nothing
 * is.
 */
export async function setKey(live: LiveIntegration, key: string, isNew = false): Promise<string | null> {
  const path = isNew ? `/api/plugins/${live.value.plugin.id}/key?connection=new` : pathOf(live, '/key')
  await live.act('key', async () => {
    const status = await callApi<PluginStatus>('PUT', path, { key })
    return isNew ? undefined : status
  })
  const { problem } = live
  live.problem = null
  return problem
}
