import type { Field } from '@tributary/plugin-sdk'
import type { Selectable } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import type { Registry } from './registry.ts'

/** The field that a metric's name means: one that a plugin declares, or one that the user's uploads brought. */
export async function findField(
  db: Transaction,
  registry: Registry,
  metric: string,
): Promise<Field | undefined> {
  const [source = '', field = '', ...rest] = metric.split('.')
  if (rest.length > 0) return undefined
  const declared = declaredField(registry, source, field)
  if (declared) return declared
  const own = await db
    .selectFrom('source_fields')
    .selectAll()
    .where('source_id', '=', source)
    .where('field', '=', field)
    .where('user_id', 'is not', null)
    .executeTakeFirst()
  return own ? toField(own) : undefined
}

/** A field that a plugin declares. */
export function declaredField(registry: Registry, source: string, field: string): Field | undefined {
  const fields = registry.find(source)?.fields ?? {}
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

/** The fields that a user's uploads brought, by source. */
export async function readOwnFields(db: Transaction): Promise<Map<string, Record<string, Field>>> {
  const rows = await db.selectFrom('source_fields').selectAll().where('user_id', 'is not', null).execute()
  const bySource = new Map<string, Record<string, Field>>()
  for (const row of rows) {
    const fields = bySource.get(row.source_id) ?? {}
    bySource.set(row.source_id, { ...fields, [row.field]: toField(row) })
  }
  return bySource
}

function toField({ field, name, type, unit, kind }: Selectable<Schema['source_fields']>): Field {
  return {
    name: name ?? field,
    type: type as Field['type'],
    ...(unit === null ? {} : { unit }),
    ...(kind === null ? {} : { kind: kind as NonNullable<Field['kind']> }),
  }
}
