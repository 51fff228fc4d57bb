import type { Told } from './problem.ts'

/** Where a person lands whose connecting failed. The address spells the code as OAuth does, e.g. `access_denied`. */
export function integrationsError({ code }: Pick<Told, 'code'>, pluginId: string): string {
  return `/settings/plugins?${new URLSearchParams({ error: code.replaceAll('-', '_'), plugin: pluginId })}`
}
