import type { Field } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'

/**
 * Says which field of a file means something else in an earlier one: it has another type or another unit, so that the values
 * of both cannot be one metric. `undefined` where none does. A field without a unit may get one.
 */
export async function findOtherMeaning(
  db: Transaction,
  { userId, sourceId }: { userId: string; sourceId: string },
  fields: Record<string, Field>,
): Promise<string | undefined> {
  const known = await db
    .selectFrom('source_fields')
    .select(['field', 'type', 'unit'])
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('field', 'in', ['', ...Object.keys(fields)])
    .orderBy('field')
    .execute()
  for (const { field, type, unit } of known) {
    const now = fields[field]
    if (!now) continue
    const way = 'Give the column a field of its own, or undo the earlier upload.'
    if (now.type !== type)
      return `"${field}" is of the type ${type} in an earlier file and of the type ${now.type} in this one. ${way}`
    if (hasUnit(unit) && hasUnit(now.unit) && now.unit !== unit)
      return `"${field}" is in ${unit} in an earlier file and in ${now.unit} in this one. ${way}`
  }
  return undefined
}

function hasUnit(unit: string | null | undefined): unit is string {
  return unit !== null && unit !== undefined && unit !== '1'
}
