import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { type Connection, isGranted } from '../connections/connection.ts'

/** What a user wants of a source. */
export interface WantedStreams {
  /** Streams that are asked: switched on by the user, and allowed. */
  granted: string[]
  /** Names of those that the user did not allow. */
  ungranted: string[]
}

/** Parts the streams that are switched on, or those of them that a job requests, by what the user allowed. */
export function wantedStreams(
  plugin: PluginDeclaration,
  connection: Pick<Connection, 'disabled_streams' | 'scopes'>,
  requested: readonly string[] | null = null,
): WantedStreams {
  const wanted = Object.entries(plugin.streams).filter(
    ([id]) => !connection.disabled_streams.includes(id) && (requested?.includes(id) ?? true),
  )
  const [granted, ungranted] = [true, false].map((is) =>
    wanted.filter(([, stream]) => isGranted(stream, connection) === is),
  )
  return {
    granted: (granted ?? []).map(([id]) => id),
    ungranted: (ungranted ?? []).map(([id, { name }]) => name ?? id),
  }
}
