import { isProblem } from './problem.ts'

/** Where a person lands whose connecting failed; throws what is no problem that they can be told. */
export function integrationsError(error: unknown, pluginId: string): string {
  if (!isProblem(error)) throw error
  return `/settings/plugins?${new URLSearchParams({ error: error.code, plugin: pluginId })}`
}
