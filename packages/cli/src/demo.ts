import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings, SignedIn } from '@tributary/engine'
import type { OpenEngine } from './open-engine.ts'
import { start } from './start.ts'

/** The app on a folder that is thrown away, with simulated sources that connect when the signed-in link is opened. */
export async function demo(settings: Settings): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-demo-'))
  const admin = { email: 'demo@tributary.example', password: randomBytes(24).toString('base64url') }
  const demoSettings: Settings = {
    ...settings,
    databaseUrl: undefined,
    dataDir: folder,
    simulate: ['all'],
    admin,
  }
  await start(
    demoSettings,
    { web: true, worker: true },
    {
      announce(open) {
        const { publicUrl, accounts } = open.engine
        const token = accounts.createSignInLink(admin, (signedIn) => void connectAll(open, signedIn))
        console.log(`Open this link, which signs you in once: ${publicUrl}/sign-in/link/${token}`)
        console.log(
          'It connects simulated sources and imports a year of a made-up person. Ctrl-C ends it and removes everything.',
        )
      },
      ended: () => rm(folder, { recursive: true, force: true }),
    },
  )
}

/** Goes every source's own way of connecting, consent pages included. */
async function connectAll({ engine, lab, log }: OpenEngine, signedIn: SignedIn): Promise<void> {
  await engine.accounts.setTimeZone(signedIn.user.id, lab.zone)
  for (const { plugin, connectBy } of await engine.plugins.list(signedIn.user.id)) {
    try {
      const key = lab.sources.includes(plugin.id) ? lab.apiKey(plugin.id) : undefined
      if (connectBy === 'api-key' && key !== undefined) await engine.plugins.setKey(signedIn, plugin.id, key)
      if (connectBy === 'oauth2') {
        const address = await engine.plugins.startAuthorization(signedIn, plugin.id)
        await engine.plugins.finishAuthorization(signedIn, plugin.id, await allow(address))
      }
    } catch (err) {
      log.warn({ err, source: plugin.id }, 'a simulated source could not be connected')
    }
  }
}

/** Allows all that is asked for, as a press on the consent page's button would. */
async function allow(address: URL): Promise<URLSearchParams> {
  const form = new URLSearchParams({ decision: 'allow' })
  for (const scope of (address.searchParams.get('scope') ?? '').split(' ')) form.append('scope', scope)
  const response = await fetch(address, { method: 'POST', body: form, redirect: 'manual' })
  return new URL(response.headers.get('location') ?? address).searchParams
}
