import type { Field, PluginDeclaration } from '@tributary/plugin-sdk'
import { readZone } from '../calendar/read-zone.ts'
import type { Transaction } from '../database/database.ts'
import { together } from '../database/together.ts'
import type { ConnectionSummary, HistoryStatus, Job, PluginStatus } from '../contract/engine.ts'
import { canDownsample } from '../values/downsample.ts'
import { currentJobs } from '../jobs/read-jobs.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { readOpenRemaps } from '../remap/read-open-remaps.ts'
import { readOwnFields } from '../sources/find-field.ts'
import type { SourceSettings } from '../sources/source-settings.ts'
import { type Connection, type ConnectionOf, firstOrder, isGranted } from '../connections/connection.ts'
import { earlyEndNote } from '../connections/early-end.ts'
import { readHistories } from './read-histories.ts'

/** All sources as one user sees them. */
export async function listStatus(parts: Parts, userId: string): Promise<PluginStatus[]> {
  const plugins = [...parts.registry.handlers.values()].map(({ plugin }) => plugin)
  const [known, ...settings] = await Promise.all([
    parts.database.asUser(userId, (db) => readKnown(parts, db, userId)),
    ...plugins.map((plugin) => readableSettings(parts, plugin)),
  ])
  return plugins.map((plugin, at) =>
    statusOf(parts, plugin, known, settings[at] as ShownSettings, known.connections.get(plugin.id)?.[0]),
  )
}

type ShownSettings = Pick<SourceSettings, 'simulated' | 'configured'>

/** A source whose settings cannot be read is not set up, and keeps no other from being listed. */
async function readableSettings(parts: Parts, plugin: PluginDeclaration): Promise<ShownSettings> {
  try {
    return await parts.sourceSettings(plugin)
  } catch (err) {
    parts.log.error({ source: plugin.id, err }, 'the settings of a source could not be read')
    return { simulated: false, configured: false }
  }
}

/** One source as a user sees it, by one of their connections to it. Throws `Problem` 404 `unknown-plugin` or `unknown-connection`. */
export async function getStatus(
  parts: Parts,
  { userId, sourceId: id, connectionId }: ConnectionOf,
): Promise<PluginStatus> {
  const plugin = parts.registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const [known, settings] = await Promise.all([
    parts.database.asUser(userId, (db) => readKnown(parts, db, userId)),
    parts.sourceSettings(plugin),
  ])
  const connections = known.connections.get(id) ?? []
  const connection =
    connectionId === undefined ? connections[0] : connections.find((one) => one.id === connectionId)
  if (connectionId !== undefined && !connection)
    throw new Problem(404, 'unknown-connection', 'This source has no such connection.')
  return statusOf(parts, plugin, known, settings, connection)
}

interface Known {
  /** Those to each source, the first one first. */
  connections: Map<string, Connection[]>
  jobs: Map<string, Job>
  remaps: Map<string, PluginStatus['remap']>
  /** By connection. */
  histories: Map<string, HistoryStatus>
  /** Fields that the user's uploads brought. */
  ownFields: Map<string, Record<string, Field>>
}

async function readKnown(parts: Parts, db: Transaction, userId: string): Promise<Known> {
  const [connections, jobs, remaps, ownFields, zone] = await together([
    db
      .selectFrom('user_integrations')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy(firstOrder)
      .execute(),
    currentJobs(db, userId),
    readOpenRemaps(db, userId),
    readOwnFields(db),
    readZone(db, userId),
  ])
  return {
    connections: Map.groupBy(connections, ({ source_id }) => source_id),
    jobs,
    remaps,
    ownFields,
    histories: await readHistories(db, parts, connections, zone),
  }
}

function statusOf(
  parts: Parts,
  plugin: PluginDeclaration,
  known: Known,
  { simulated, configured }: ShownSettings,
  connection: Connection | undefined,
): PluginStatus {
  const connections = known.connections.get(plugin.id) ?? []
  const connected = connection !== undefined && connection.state !== 'disconnected'
  return {
    plugin: describe(plugin, known.ownFields.get(plugin.id)),
    connectBy: plugin.auth.type,
    key:
      plugin.auth.type === 'api-key'
        ? {
            help: keyHelp(parts, plugin.id, simulated) ?? plugin.auth.help,
            placeholder: plugin.auth.placeholder ?? null,
          }
        : null,
    connection: connection?.id ?? null,
    name: connection?.name ?? null,
    connections: connections.map(summarize),
    configured,
    simulated: connected ? connection.simulated : simulated,
    connected,
    enabled: connection?.enabled ?? false,
    lastSync: connection?.last_sync_at?.toString() ?? null,
    state: connection?.state ?? null,
    reason: connection?.reason ?? null,
    ends:
      connected && connection.refresh_expires_at
        ? { at: connection.refresh_expires_at.toString(), note: earlyEndNote(plugin, connection) }
        : null,
    offeredTimeZone: connected && connection.simulated ? (parts.simulation?.zone ?? null) : null,
    preference: connection?.preference ?? null,
    firstConnected: connection?.created_at.toString() ?? null,
    history: (connection && known.histories.get(connection.id)) ?? null,
    streams: Object.entries(plugin.streams).map(([id, stream]) => ({
      id,
      name: stream.name ?? id,
      fields: stream.fields,
      enabled: !connection?.disabled_streams.includes(id),
      granted: !connected || isGranted(stream, connection),
      keepEvery: canDownsample(plugin, id) ? (connection?.keep_every[id] ?? 0) : null,
    })),
    remap: (connection && known.remaps.get(connection.id)) ?? null,
    job: connection ? (known.jobs.get(connection.id) ?? null) : null,
  }
}

function summarize(connection: Connection, at: number): ConnectionSummary {
  const { id, name, state, enabled, last_sync_at: lastSync } = connection
  return { id, name: name ?? `Account ${at + 1}`, state, enabled, lastSync: lastSync?.toString() ?? null }
}

function describe(plugin: PluginDeclaration, ownFields: Record<string, Field> = {}): PluginStatus['plugin'] {
  const { id, name, description, icon, retired, successor } = plugin
  return {
    id,
    name,
    description,
    icon,
    fields: Object.entries({ ...plugin.fields, ...ownFields }).map(([field, declared]) => ({
      id: field,
      name: declared.name,
      description: declared.description ?? null,
      type: declared.type,
      unit: declared.unit ?? null,
      kind: declared.kind ?? null,
      dimension: declared.dimension ?? null,
    })),
    retired: retired ?? null,
    successor: successor ?? null,
  }
}

/** A simulated service is reached by its own key, which nobody could find elsewhere. */
function keyHelp({ simulation }: Parts, id: string, simulated: boolean): string | undefined {
  const key = simulated && simulation?.sources.includes(id) ? simulation.openKey?.(id) : undefined
  return key && `The simulated service takes the key “${key}”.`
}
