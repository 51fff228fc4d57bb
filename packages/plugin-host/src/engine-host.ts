import { createTestClock, createTestEngine, publicUrl } from '@tributary/engine/testing'
import {
  isFile,
  type Installation,
  type Interference,
  type PluginHost,
  type Simulated,
} from '@tributary/plugin-sdk/testing'
import { type FaultProxy, startFaultProxy } from '@tributary/provider-lab'
import { createTestUser } from './test-user.ts'

/** A day in autumn, so that the last change of the clocks lies a few weeks back. */
const start = '2026-11-20T12:00:00Z'

/** The host whose installations are the engine on a real PostgreSQL, with the simulated source behind HTTP on the loopback. */
export const engineHost: PluginHost = {
  async open(plugin, lab, paging) {
    const { id } = 'plugin' in plugin ? plugin.plugin : plugin
    const clock = createTestClock(start)
    const source = await lab.start({
      now: () => clock.now(),
      redirectUri: `${publicUrl}/api/plugins/${id}/callback`,
    })
    const target = isFile(source) ? 'http://nowhere.invalid' : source.url
    const proxy = await startFaultProxy({ source: id, target, clock: () => clock.now(), paging })
    const tributary = await createTestEngine({
      plugins: [plugin],
      clock,
      simulation: {
        sources: isFile(source) ? [] : [id],
        zone: source.zone,
        client: () => clientOf(source),
        url: proxy.url,
        publicUrl: proxy.url,
        keepsLimits: false,
      },
    })
    let edits: Interference[] = []
    let users = 0

    /** Lets jobs run until none is due. */
    async function work(): Promise<void> {
      const worker = tributary.startWorker()
      await tributary.settled()
      await worker.stop()
    }

    const installation: Installation = {
      source,
      now: () => clock.now(),
      async pass(duration) {
        clock.add(duration)
        await work()
      },
      async addUser() {
        const signedIn = await tributary.addUser(`user-${users++}@example.org`, 'user', source.zone)
        return createTestUser({
          tributary,
          signedIn,
          id,
          source,
          work,
          edit: (text) => editOnce(edits, text),
        })
      },
      interfere(interference) {
        if (isFile(source)) edits.push({ ...interference })
        else addFault(proxy, id, interference)
      },
      restore() {
        edits = []
        proxy.faults.clear()
      },
      requests: () => proxy.requests(),
      async close() {
        await tributary.close()
        await proxy.close()
        await source.close?.()
      },
    }
    return installation
  },
}

function clientOf(source: Simulated): { clientId: string; clientSecret: string } {
  if (isFile(source) || 'key' in source.credentials) return { clientId: '', clientSecret: '' }
  return source.credentials
}

function addFault(proxy: FaultProxy, source: string, interference: Interference): void {
  const { path, times = Infinity, respond } = interference
  proxy.faults.add({ source, path, times, respond })
}

/** A file after the changes that were requested. */
function editOnce(edits: Interference[], text: string): string {
  let edited = text
  for (const edit of edits) {
    const { respond, times = Infinity } = edit
    if (times <= 0 || typeof respond !== 'object' || !('edit' in respond)) continue
    edit.times = times - 1
    edited = respond.edit(edited)
  }
  return edited
}
