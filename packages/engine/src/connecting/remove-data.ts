import { removeBodies } from '../archive/remove-bodies.ts'
import { readZone } from '../calendar/read-zone.ts'
import { type Connection, connectionsOf } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import { uploadsAccount } from '../domain/source-account.ts'
import { forgetChanges, removeDailyValues } from '../values/remove-daily-values.ts'
import { rollUpDays } from '../values/roll-up.ts'

/**
 * Removes what a connection's source ever gave to its user, and recomputes the kinds without it. Where the user has other
 * connections to the source, only the data of this one's account is removed, and the connection with it.
 */
export async function removeData(db: Transaction, connection: Connection): Promise<void> {
  const { id, user_id: userId, source_id: sourceId, account_id: accountId } = connection
  const others = (await connectionsOf(db, { userId, sourceId }).execute()).filter((other) => other.id !== id)
  if (others.length === 0) {
    await removeSource(db, userId, sourceId)
    await db
      .updateTable('user_integrations')
      .set({ account_id: null, account_aliases: [], last_sync_at: null })
      .where('id', '=', id)
      .execute()
    return
  }
  if (accountId !== null) await removeAccount(db, { userId, sourceId, accountId })
  await db.deleteFrom('user_integrations').where('id', '=', id).execute()
  // The connection's place in the order of its source goes to the next one.
  await recomputeSource(db, userId, sourceId)
  // A recorded change names no account: those of the others are forgotten too.
  await forgetChanges(db, userId, sourceId)
}

async function removeSource(db: Transaction, userId: string, sourceId: string): Promise<void> {
  for (const table of ['series', 'uploads', 'source_fields', 'fetches', 'coverage'] as const)
    await db.deleteFrom(table).where('user_id', '=', userId).where('source_id', '=', sourceId).execute()
  await removeBodies(db, userId)
  await removeDailyValues(db, userId, sourceId)
}

async function removeAccount(
  db: Transaction,
  { userId, sourceId, accountId }: { userId: string; sourceId: string; accountId: string },
): Promise<void> {
  for (const table of ['series', 'fetches', 'coverage'] as const)
    await db
      .deleteFrom(table)
      .where('user_id', '=', userId)
      .where('source_id', '=', sourceId)
      .where('account_id', '=', accountId)
      .execute()
  if (accountId === uploadsAccount)
    await db.deleteFrom('uploads').where('user_id', '=', userId).where('source_id', '=', sourceId).execute()
  await removeBodies(db, userId)
}

/** Recomputes every day on which the source has a daily value, from what is still stored. */
async function recomputeSource(db: Transaction, userId: string, sourceId: string): Promise<void> {
  const rows = await db
    .selectFrom('daily_metric_values')
    .select(['metric_name', 'day'])
    .where('user_id', '=', userId)
    .where('source', '=', sourceId)
    .where('metric_name', 'like', `${sourceId}.%`)
    .execute()
  const zone = await readZone(db, userId)
  for (const [metric, days] of Map.groupBy(rows, ({ metric_name }) => metric_name))
    await rollUpDays(db, {
      userId,
      cause: 'removed',
      sourceId,
      zone,
      fields: [metric.slice(sourceId.length + 1)],
      days: days.map(({ day }) => ({ from: day, to: day })),
    })
}
