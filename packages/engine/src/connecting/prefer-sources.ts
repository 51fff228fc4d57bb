import { allKinds, always, rollUpKinds } from '../values/roll-up-kinds.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'

/** Sets the order in which sources speak for a kind that several of them have, and merges all days by it. */
export async function preferSources(
  { database, registry }: Parts,
  userId: string,
  ids: string[],
): Promise<void> {
  const unknown = ids.find((id) => !registry.find(id))
  if (unknown !== undefined) throw new Problem(422, 'unknown-plugin', `There is no source "${unknown}".`)
  await database.asUser(
    userId,
    async (db) => {
      await db
        .updateTable('user_integrations')
        .set({ preference: null })
        .where('user_id', '=', userId)
        .execute()
      for (const [preference, id] of ids.entries()) {
        await db
          .updateTable('user_integrations')
          .set({ preference })
          .where('user_id', '=', userId)
          .where('source_id', '=', id)
          .execute()
      }
      await rollUpKinds(db, { userId, cause: 'order' }, await allKinds(db), always)
    },
    { long: true },
  )
}
