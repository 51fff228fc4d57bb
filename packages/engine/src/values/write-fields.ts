import type { Field } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'

/**
 * Notes what the columns of a user's files mean, as the newest says it. Gives the kinds that fields known before had or have
 * now, where they mean something else than they did: then what older files brought must be recomputed.
 */
export async function writeFields(
  db: Transaction,
  { userId, sourceId }: { userId: string; sourceId: string },
  fields: Record<string, Field>,
): Promise<{ changed: boolean; kinds: string[] }> {
  const known = await db
    .selectFrom('source_fields')
    .select(['field', 'kind', 'day_rule', 'belongs_to'])
    .where('source_id', '=', sourceId)
    .where('user_id', '=', userId)
    .execute()
  let changed = false
  const kinds = new Set<string>()
  for (const [
    field,
    { name, type, unit = null, kind = null, day = null, belongsTo = 'start' },
  ] of Object.entries(fields)) {
    const columns = { name, type, unit, kind, day_rule: day, belongs_to: belongsTo }
    await db
      .insertInto('source_fields')
      .values({ source_id: sourceId, field, stream: null, user_id: userId, ...columns })
      .onConflict((conflict) => conflict.columns(['source_id', 'field', 'user_id']).doUpdateSet(columns))
      .execute()
    const before = known.find((one) => one.field === field)
    if (!before) continue
    if (before.kind === kind && before.day_rule === day && before.belongs_to === belongsTo) continue
    changed = true
    for (const one of [before.kind, kind]) if (one !== null) kinds.add(one)
  }
  return { changed, kinds: [...kinds] }
}
