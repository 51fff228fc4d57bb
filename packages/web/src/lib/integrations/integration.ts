import type { Job, PluginStatus } from '@tributary/engine'
import { callApi } from '../call-api.ts'
import { isFinished } from '../job-status.ts'
import { Live } from '../live.svelte.ts'
import type { SettingsChange } from './connection-draft.ts'

/** One source on the page: its state, and what a person can do to it. */
export type LiveIntegration = Live<PluginStatus, 'sync' | 'disconnect' | 'change' | 'key'>

const pathOf = ({ value }: LiveIntegration) => `/api/plugins/${value.plugin.id}`

export function followIntegration(status: PluginStatus): LiveIntegration {
  const live: LiveIntegration = new Live(status, {
    read: () => callApi<PluginStatus>('GET', pathOf(live)),
    takeJob(job) {
      if (job.pluginId !== live.value.plugin.id) return false
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
    const { job } = await callApi<{ job: Job }>('POST', `${pathOf(live)}/sync`, {})
    live.requested = job
    await live.refresh()
  })
}

export function disconnect(live: LiveIntegration, deleteData: boolean): Promise<boolean> {
  return live.act('disconnect', async () => {
    const query = deleteData ? '?data=delete' : ''
    const { notice = null } = await callApi<{ notice?: string }>('DELETE', pathOf(live) + query)
    live.notice = notice
    live.requested = null
    await live.refresh()
  })
}

/** Changes the connection's settings. */
export function change(live: LiveIntegration, settings: SettingsChange): Promise<boolean> {
  return live.act('change', () => callApi<PluginStatus>('PATCH', pathOf(live), settings))
}

/** Connects by a key, or by another one; returns what is wrong with it, `null` where nothing is. */
export async function setKey(live: LiveIntegration, key: string): Promise<string | null> {
  await live.act('key', () => callApi<PluginStatus>('PUT', `${pathOf(live)}/key`, { key }))
  const { problem } = live
  live.problem = null
  return problem
}
