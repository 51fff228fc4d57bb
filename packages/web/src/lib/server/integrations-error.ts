import type { Told } from './problem.ts'

/** Where a person lands whose connecting failed. */
export function integrationsError({ code }: Pick<Told, 'code'>, pluginId: string): string {
  return `/settings/plugins?${new URLSearchParams({ error: code, plugin: pluginId })}`
}
