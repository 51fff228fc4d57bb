import type { PluginStatus } from '@tributary/engine'

/** A connection to a source, as far as its addresses name it. */
export type Addressed = Pick<PluginStatus, 'connection' | 'connections'> & {
  plugin: Pick<PluginStatus['plugin'], 'id'>
}

/** The address of a connection's page. */
export function pagePath(status: Addressed, hash = ''): string {
  return `/settings/plugins/${status.plugin.id}${query(status)}${hash}`
}

/** The address of a connection in the API, or of something below it. */
export function apiPath(status: Addressed, below = '', parameters: Record<string, string> = {}): string {
  return `/api/plugins/${status.plugin.id}${below}${query(status, parameters)}`
}

/** The address at which another account of the source is connected. */
export function newConnectionPath({ plugin }: Addressed): string {
  return `/api/plugins/${plugin.id}/auth?connection=new`
}

/** Names the connection where it is not the first of its source. */
export function query(
  { connection, connections }: Addressed,
  parameters: Record<string, string> = {},
): string {
  const isFirst = connection === null || connection === connections[0]?.id
  const all = new URLSearchParams({ ...parameters, ...(isFirst ? {} : { connection }) })
  return all.size > 0 ? `?${all}` : ''
}
