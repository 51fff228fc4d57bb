import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { type Connection, isGranted } from '../connections/connection.ts'

/** The streams that are asked: switched on by the user, and allowed. */
export function wantedStreams(
  plugin: PluginDeclaration,
  connection: Pick<Connection, 'disabled_streams' | 'scopes'>,
): { granted: string[]; ungranted: string[] } {
  const wanted = Object.entries(plugin.streams).filter(([id]) => !connection.disabled_streams.includes(id))
  const [granted, ungranted] = [true, false].map((is) =>
    wanted.filter(([, stream]) => isGranted(stream, connection) === is),
  )
  return {
    granted: (granted ?? []).map(([id]) => id),
    ungranted: (ungranted ?? []).map(([id, { name }]) => name ?? id),
  }
}
