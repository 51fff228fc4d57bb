import type { OAuth2Client, PluginDeclaration } from '@tributary/plugin-sdk'
import type { Configuration } from '../configuration/configuration.ts'
import type { Settings } from '../settings.ts'

/** The simulated providers of this installation. */
export interface Simulation {
  readonly sources: readonly string[]
  readonly zone: string
  client(source: string): { clientId: string; clientSecret: string }
  /** Where the simulated providers are asked by this process, e.g. `http://127.0.0.1:5173/lab`. */
  url: string
  /** Where a browser finds them. */
  publicUrl: string
}

/** How a source is reached in this installation. */
export interface SourceSettings {
  simulated: boolean
  /** Whether a user can connect it. */
  configured: boolean
  client: OAuth2Client
  /** The address to ask in place of the provider's own; the same where it is not simulated. */
  resolve(url: string, who?: 'browser'): string
}

export type ReadSourceSettings = (plugin: PluginDeclaration) => Promise<SourceSettings>

export function createSourceSettings(
  configuration: Configuration,
  settings: Settings,
  simulation: Simulation | undefined,
): ReadSourceSettings {
  return async (plugin) => {
    const { id } = plugin
    const redirectUri = `${await baseUrlOf(configuration, settings)}/api/plugins/${id}/callback`
    if (simulation?.sources.includes(id) && (await isSimulated(id, configuration, settings))) {
      return {
        simulated: true,
        configured: true,
        client: { ...simulation.client(id), redirectUri },
        resolve(url, who) {
          const { pathname, search } = new URL(url)
          return `${who === 'browser' ? simulation.publicUrl : simulation.url}/${id}${pathname}${search}`
        },
      }
    }
    const clientId = await configuration.get(`plugin.${id}.client_id`)
    const clientSecret = await configuration.get(`plugin.${id}.client_secret`)
    return {
      simulated: false,
      configured: Boolean(clientId && clientSecret),
      client: { clientId: clientId ?? '', clientSecret: clientSecret ?? '', redirectUri },
      resolve: (url) => url,
    }
  }
}

async function isSimulated(id: string, configuration: Configuration, settings: Settings): Promise<boolean> {
  if (settings.simulate.includes('all') || settings.simulate.includes(id)) return true
  return (
    (await configuration.get('global.simulate')) === 'all' ||
    (await configuration.get(`plugin.${id}.simulate`)) === 'true'
  )
}

async function baseUrlOf(configuration: Configuration, settings: Settings): Promise<string> {
  return ((await configuration.get('global.base_url')) ?? settings.publicUrl).replace(/\/$/, '')
}
