import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FoundPlugin } from '@tributary/engine'
import { BaseIntegrationHandler, isPlainPlugin } from '@tributary/plugin-sdk'
import { plugins as builtIn } from '@tributary/plugins'
import { shareSdk } from './share-sdk.ts'

/** The built-in plugins and those that the settings name; what cannot be read is said by a sentence with its file. */
export async function loadPlugins(names: string[]): Promise<{ found: FoundPlugin[]; refused: string[] }> {
  const found: FoundPlugin[] = builtIn.map((plugin) => ({
    plugin,
    file: `packages/plugins (${plugin.plugin.id})`,
  }))
  const refused: string[] = []
  if (names.length > 0) shareSdk()
  for (const name of names) {
    try {
      const exported: unknown[] = Object.values((await import(addressOf(name))) as object)
      const plugins = [...new Set(exported)].filter(isPlugin)
      if (plugins.length === 0) refused.push(`${name} was refused: it exports no plugin.`)
      for (const plugin of plugins) found.push({ plugin, file: name })
    } catch (error) {
      refused.push(`${name} was refused: ${(error as Error).message.split('\n')[0]}.`)
    }
  }
  return { found, refused }
}

/** A path, relative to where the command was given, or the name of a package. */
function addressOf(name: string): string {
  return /^[./]|^[a-z]:\\/i.test(name) ? pathToFileURL(resolve(name)).href : name
}

function isPlugin(value: unknown): value is FoundPlugin['plugin'] {
  return value instanceof BaseIntegrationHandler || isPlainPlugin(value)
}
