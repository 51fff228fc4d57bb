import type { Remap } from '@tributary/engine'
import { untrack } from 'svelte'
import { invalidateAll } from '$app/navigation'
import { callApi } from '../call-api.ts'
import { everyVisible } from '../every-visible.ts'
import { type Addressed, apiPath } from '../integrations/connection-path.ts'
import { Live } from '../live.svelte.ts'

const everyMs = 1000

/** A remap of a connection's stored answers. */
export type LiveRemap = Live<Remap | null, 'begin' | 'apply' | 'cancel'>

const pathOf = (of: Addressed) => apiPath(of, '/remap')

export function followRemap(of: Addressed, remap: Remap | null): LiveRemap {
  return new Live(remap, {
    read: async () => (await callApi<{ remap: Remap | null }>('GET', pathOf(of))).remap,
  })
}

/** Whether a worker is at it. */
export const isMoving = (remap: Remap | null) => remap?.status === 'comparing' || remap?.status === 'applying'

/** Takes what the page has loaded again, unless it was requested before the last one began. */
export function acceptRemap(live: LiveRemap, remap: Remap | null): void {
  const shown = untrack(() => live.value)
  if (!shown || (remap && remap.createdAt >= shown.createdAt)) live.value = remap
}

export function act(live: LiveRemap, of: Addressed, action: 'begin' | 'apply' | 'cancel'): Promise<boolean> {
  return live.act(action, async () => (await callApi<{ remap: Remap }>('POST', pathOf(of), { action })).remap)
}

/** Reads every second how far it has come. Returns the function that ends it. */
export function readUntilDone(live: LiveRemap): () => void {
  return everyVisible(everyMs, async () => {
    const wasMoving = isMoving(live.value)
    await live.refresh()
    if (wasMoving && live.value?.status === 'applied') await invalidateAll()
  })
}
