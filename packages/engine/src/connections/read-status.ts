import type { Field, PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Job, PluginStatus } from '../engine.ts'
import { currentJobs } from '../jobs/read-jobs.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'
import { readOwnFields } from '../sources/find-field.ts'
import type { Connection } from './connection.ts'

/** All sources as one user sees them. */
export async function listStatus(parts: Parts, userId: string): Promise<PluginStatus[]> {
  const known = await parts.database.asUser(userId, (db) => readKnown(db, userId))
  return Promise.all(
    [...parts.registry.handlers.values()].map(({ plugin }) => statusOf(parts, plugin, known)),
  )
}

export async function getStatus(parts: Parts, userId: string, id: string): Promise<PluginStatus> {
  const plugin = parts.registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  return statusOf(parts, plugin, await parts.database.asUser(userId, (db) => readKnown(db, userId)))
}

interface Known {
  connections: Map<string, Connection>
  jobs: Map<string, Job>
  /** The first day of each source that was ever asked for. */
  reached: Map<string, string>
  /** Fields that the user's uploads brought. */
  ownFields: Map<string, Record<string, Field>>
}

async function readKnown(db: Transaction, userId: string): Promise<Known> {
  const connections = await db
    .selectFrom('user_integrations')
    .selectAll()
    .where('user_id', '=', userId)
    .execute()
  const { rows } = await sql<{ source_id: string; reached: string }>`
    select source_id, min(lower(days))::text as reached from coverage where user_id = ${userId} and not isempty(days)
    group by source_id`.execute(db)
  return {
    connections: new Map(connections.map((connection) => [connection.source_id, connection])),
    jobs: await currentJobs(db, userId),
    ownFields: await readOwnFields(db),
    reached: new Map(rows.map((row) => [row.source_id, row.reached])),
  }
}

async function statusOf(parts: Parts, plugin: PluginDeclaration, known: Known): Promise<PluginStatus> {
  const { simulated, configured } = await parts.sourceSettings(plugin)
  const connection = known.connections.get(plugin.id)
  const connected = connection !== undefined && connection.state !== 'disconnected'
  return {
    plugin: describe(plugin, known.ownFields.get(plugin.id)),
    connectBy: plugin.auth.type,
    key:
      plugin.auth.type === 'api-key'
        ? { help: plugin.auth.help, placeholder: plugin.auth.placeholder ?? null }
        : null,
    configured,
    simulated: connected ? connection.simulated : simulated,
    connected,
    enabled: connection?.enabled ?? false,
    lastSync: connection?.last_sync_at?.toString() ?? null,
    state: connection?.state ?? null,
    reason: connection?.reason ?? null,
    offeredTimeZone: connected && connection.simulated ? (parts.simulation?.zone ?? null) : null,
    history: connection
      ? { reached: known.reached.get(plugin.id) ?? null, from: connection.history_from }
      : null,
    streams: Object.entries(plugin.streams).map(([id, { name, fields, scopes }]) => ({
      id,
      name: name ?? id,
      fields,
      enabled: !connection?.disabled_streams.includes(id),
      granted: !connected || (scopes?.every((scope) => connection.scopes?.includes(scope)) ?? true),
    })),
    job: connection ? (known.jobs.get(connection.id) ?? null) : null,
  }
}

function describe(plugin: PluginDeclaration, ownFields: Record<string, Field> = {}): PluginStatus['plugin'] {
  const { id, name, description, icon, retired } = plugin
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
    })),
    retired: retired
      ? { since: retired.since, successor: retired.successor ?? null, note: retired.note }
      : null,
  }
}
