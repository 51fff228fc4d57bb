import {
  type BaseIntegrationHandler,
  callbackUrl,
  importErrorCode,
  type OAuth2Client,
  type PluginDeclaration,
  type RequestLimit,
} from '@tributary/plugin-sdk'
import { effectiveLimits } from './effective-limits.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { describePluginError } from '../runtime/describe-error.ts'
import type { Log } from '../runtime/log.ts'
import type { Settings } from '../configuration/settings.ts'
import { callPlugin } from './call-plugin.ts'
import type { Registry } from './registry.ts'

/** The simulated providers of this installation. */
export interface Simulation {
  readonly sources: readonly string[]
  readonly zone: string
  client(source: string): { clientId: string; clientSecret: string }
  /** The key that connects to a simulated provider without OAuth; `undefined` where there is none. */
  openKey?(source: string): string | undefined
  /** Where the simulated providers are asked by this process, e.g. `http://127.0.0.1:5173/lab`. */
  url: string
  /** Where a browser finds them. */
  publicUrl: string
  /** Whether they allow no more requests than the services do. */
  keepsLimits: boolean
}

/** How a source is reached in this installation. */
export interface SourceSettings {
  simulated: boolean
  /** Whether a user can connect it. */
  configured: boolean
  client: OAuth2Client
  /** How often it may be asked, as the admin set it up. */
  limits: RequestLimit[]
  /** The address to ask in place of the provider's own; the same where it is not simulated. */
  resolve(url: string, who?: 'browser'): string
}

export type ReadSourceSettings = (plugin: PluginDeclaration) => Promise<SourceSettings>

export function createSourceSettings(
  configuration: Configuration,
  settings: Settings,
  registry: Registry,
  simulation: Simulation | undefined,
  log: Log,
): ReadSourceSettings {
  return async (plugin) => {
    const { id } = plugin
    const values = await readValues(configuration, registry, id, [simulateKey(id)])
    const redirectUri = callbackUrl(id, values)
    const limits = effectiveLimits(plugin, registry.adminFields(id), values)
    if (simulation?.sources.includes(id) && isSimulated(id, values, settings)) {
      return {
        simulated: true,
        configured: true,
        client: { ...simulation.client(id), redirectUri },
        limits: simulation.keepsLimits ? limits : [],
        resolve(url, who) {
          const { pathname, search } = new URL(url)
          return `${who === 'browser' ? simulation.publicUrl : simulation.url}/${id}${pathname}${search}`
        },
      }
    }
    return {
      simulated: false,
      configured: await readConfigured(registry.handler(id), values, log),
      client: {
        clientId: values[`plugin.${id}.client_id`] ?? '',
        clientSecret: values[`plugin.${id}.client_secret`] ?? '',
        redirectUri,
      },
      limits,
      resolve: (url) => url,
    }
  }
}

/** The values of a source's settings by key, the base URL, and what else is named. */
export function readValues(
  configuration: Configuration,
  registry: Registry,
  id: string,
  others: string[] = [],
): Promise<Record<string, string>> {
  const keys = registry.adminFields(id).map(({ key }) => `plugin.${id}.${key}`)
  return configuration.read(['global.base_url', ...keys, ...others])
}

/** The same with the client that the simulated provider gave, where the source is simulated. */
export async function readEffectiveValues(
  configuration: Configuration,
  registry: Registry,
  plugin: PluginDeclaration,
  sourceSettings: ReadSourceSettings,
): Promise<Record<string, string>> {
  const { id } = plugin
  const values = await readValues(configuration, registry, id)
  const { simulated, client } = await sourceSettings(plugin)
  if (!simulated) return values
  return {
    ...values,
    [`plugin.${id}.client_id`]: client.clientId,
    [`plugin.${id}.client_secret`]: client.clientSecret,
  }
}

/** Whether a plugin says that its settings suffice. One that fails cannot be connected, and keeps no other from it. */
async function readConfigured(
  handler: BaseIntegrationHandler,
  values: Record<string, string>,
  log: Log,
): Promise<boolean> {
  const { id, name } = handler.plugin
  try {
    return await callPlugin(name, 'checking its settings', () => handler.isConfigured(values))
  } catch (error) {
    if (importErrorCode(error) !== 'plugin-failed') throw error
    log.error({ source: id, cause: describePluginError((error as Error).cause) }, 'a plugin failed')
    return false
  }
}

const simulateKey = (id: string) => `plugin.${id}.simulate`

function isSimulated(id: string, values: Record<string, string>, { simulate }: Settings): boolean {
  return simulate.includes('all') || simulate.includes(id) || values[simulateKey(id)] === 'true'
}
