import {
  type AdminConfigField,
  adaptPlugin,
  type BaseIntegrationHandler,
  type DataImportPlugin,
  isPlainPlugin,
  type PlainHost,
  type PluginDeclaration,
} from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { Problem } from '../domain/problem.ts'
import { callPluginNow } from './call-plugin.ts'
import { checkAdminFields, checkPlugin } from './check-plugin.ts'
import { lockInstallation } from '../database/locks.ts'

/** A plugin as a file gives it: a handler, or a plain object. */
export interface FoundPlugin {
  plugin: BaseIntegrationHandler | DataImportPlugin
  /** Where it was found, for whoever has to mend it. */
  file: string
}

/** The sources that this process knows. */
export interface Registry {
  readonly handlers: ReadonlyMap<string, BaseIntegrationHandler>
  /** Plugins that are not among them, each by a sentence that names file and fault. */
  readonly refused: readonly string[]
  handler(id: string): BaseIntegrationHandler
  /** The settings of a source, read once. */
  adminFields(id: string): AdminConfigField[]
  find(id: string): PluginDeclaration | undefined
  /** Leaves a plugin out from now on. */
  refuse(id: string, reason: string): void
}

/** Takes all plugins that are sound; the others are refused, and the app starts without them. */
export async function createRegistry(
  found: Iterable<FoundPlugin>,
  host: PlainHost,
  refusedBefore: string[] = [],
): Promise<Registry> {
  const handlers = new Map<string, BaseIntegrationHandler>()
  const adminFields = new Map<string, AdminConfigField[]>()
  const refused = [...refusedBefore]
  for (const { plugin, file } of found) {
    try {
      const handler = isPlainPlugin(plugin) ? await adaptPlugin(plugin, host) : plugin
      const { id } = handler.plugin
      const fields = callPluginNow(handler.plugin.name, 'listing its settings', () => handler.adminFields())
      const faults = [...checkPlugin(handler.plugin), ...checkAdminFields(fields)]
      if (handlers.has(id)) faults.push(`its id "${id}" is that of another plugin`)
      if (faults.length === 0) {
        handlers.set(id, handler)
        adminFields.set(id, fields)
      } else refused.push(`${file} was refused: ${faults.join('; ')}.`)
    } catch (error) {
      refused.push(`${file} was refused: ${explain(error as Error)}.`)
    }
  }
  return {
    handlers,
    refused,
    handler(id) {
      const handler = handlers.get(id)
      if (!handler) throw new Error(`There is no plugin "${id}"`)
      return handler
    },
    adminFields: (id) => adminFields.get(id) ?? [],
    find: (id) => handlers.get(id)?.plugin,
    refuse(id, reason) {
      handlers.delete(id)
      refused.push(`The plugin "${id}" was refused: ${reason}.`)
    },
  }
}

/** Why a plugin cannot be taken, with what its own code threw: nobody's data is here yet that it could quote. */
function explain({ message, cause }: Error): string {
  return message.replace(/\.$/, '') + (cause instanceof Error ? ` (${cause.message})` : '')
}

/**
 * Writes each source's row and fields, so that every other table and SQL itself can refer to them. A plugin whose declaration
 * the database does not accept is refused.
 */
export async function writeSources(database: Database, registry: Registry): Promise<void> {
  const plugins = [...registry.handlers.values()].map((handler) => handler.plugin)
  try {
    await writePlugins(database, plugins)
    return
  } catch (error) {
    if (!isUnacceptable(error)) throw error
  }
  for (const plugin of plugins) {
    try {
      await writePlugins(database, [plugin])
    } catch (error) {
      if (!isUnacceptable(error)) throw error
      registry.refuse(plugin.id, `the database does not accept its declaration: ${(error as Error).message}`)
    }
  }
}

/** Whether a value is to blame: a data exception (class 22), a constraint that it violates (23), or broken text. */
function isUnacceptable(error: unknown): boolean {
  return error instanceof Problem || /^2[23]/.test((error as { code?: string }).code ?? '')
}

async function writePlugins(database: Database, plugins: PluginDeclaration[]): Promise<void> {
  const sources = plugins.map(({ id, name, description, icon, retired, successor }) => ({
    id,
    name,
    description,
    icon,
    retired_since: retired?.since ?? null,
    successor: successor ?? null,
  }))
  const fields = plugins.flatMap((plugin) =>
    Object.entries(plugin.fields).map(([field, { type, unit, kind, day, belongsTo }]) => ({
      source_id: plugin.id,
      field,
      stream: streamOf(plugin, field),
      type,
      unit: unit ?? null,
      kind: kind ?? null,
      day_rule: day ?? null,
      belongs_to: belongsTo ?? 'start',
    })),
  )
  await database.asSystem(async (db) => {
    // Of processes that start at the same moment on a new database one writes them, and the others find them.
    await lockInstallation(db, 'sources')
    await sql`
      merge into integration_sources as target
      using jsonb_to_recordset(${JSON.stringify(sources)}::jsonb) as source (
        id text, name text, description text, icon text, retired_since date, successor text)
      on target.id = source.id
      when matched and (target.name, target.description, target.icon, target.retired_since, target.successor)
          is distinct from (source.name, source.description, source.icon, source.retired_since, source.successor)
        then update set name = source.name, description = source.description, icon = source.icon,
          retired_since = source.retired_since, successor = source.successor, updated_at = now()
      when not matched then insert (id, name, description, icon, retired_since, successor)
        values (source.id, source.name, source.description, source.icon, source.retired_since, source.successor)
    `.execute(db)
    await sql`
      merge into source_fields as target
      using jsonb_to_recordset(${JSON.stringify(fields)}::jsonb) as source (
        source_id text, field text, stream text, type text, unit text, kind text, day_rule text, belongs_to text)
      on target.source_id = source.source_id and target.field = source.field and target.user_id is null
      when matched and (target.stream, target.type, target.unit, target.kind, target.day_rule, target.belongs_to)
          is distinct from (source.stream, source.type, source.unit, source.kind, source.day_rule, source.belongs_to)
        then update set stream = source.stream, type = source.type, unit = source.unit, kind = source.kind,
          day_rule = source.day_rule, belongs_to = source.belongs_to
      when not matched then insert (source_id, field, stream, type, unit, kind, day_rule, belongs_to)
        values (source.source_id, source.field, source.stream, source.type, source.unit, source.kind, source.day_rule,
          source.belongs_to)
    `.execute(db)
  })
}

function streamOf(plugin: PluginDeclaration, field: string): string | null {
  return Object.entries(plugin.streams).find(([, stream]) => stream.fields.includes(field))?.[0] ?? null
}
