import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { type Connection, type ConnectionOf, readConnection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'

/** A stream as a connection has it. */
export interface StreamOf {
  id: string
  name: string
  enabled: boolean
  granted: boolean
}

/** A source's streams, and the connection that they are asked by. Throws `Problem` 404. */
export async function streamsOf(
  db: Transaction,
  registry: Parts['registry'],
  { userId, sourceId: id, connectionId }: ConnectionOf,
): Promise<{ plugin: PluginDeclaration; connection: Connection; streams: StreamOf[] }> {
  const plugin = registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const connection = await readConnection(db, { userId, sourceId: id, connectionId })
  if (!connection) throw new Problem(404, 'not-connected', 'This source is not connected.')
  const streams = Object.entries(plugin.streams).map(([stream, { name, scopes }]) => ({
    id: stream,
    name: name ?? stream,
    enabled: !connection.disabled_streams.includes(stream),
    granted:
      connection.state === 'disconnected' ||
      (scopes?.every((scope) => connection.scopes?.includes(scope)) ?? true),
  }))
  return { plugin, connection, streams }
}
