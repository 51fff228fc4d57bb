import { sql } from 'kysely'
import { type ConnectionOf, readConnection } from '../connections/connection.ts'
import { patient, type Transaction } from '../database/database.ts'
import { notify } from '../database/notifications.ts'
import type { Remap, Remaps } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { planRemap } from './plan-remap.ts'
import { readStoredAnswers } from './read-stored-answers.ts'
import { accountOf, openStates, type RemapRow } from './remap.ts'
import { writePlan } from './write-plan.ts'

export function createRemaps(parts: Parts): Remaps {
  // Plans and differences of years are written and removed by single statements.
  const database = patient(parts.database)

  async function change(
    of: ConnectionOf,
    from: RemapRow['status'][],
    status: RemapRow['status'],
    refusal: string,
  ): Promise<Remap> {
    return database.asUser(of.userId, async (db) => {
      const connection = await readConnection(db, of)
      const last = connection && (await lastOf(db, connection.id).forUpdate().executeTakeFirst())
      if (!last || !from.includes(last.status)) throw new Problem(409, 'no-remap', refusal)
      await db.updateTable('remaps').set({ status }).where('id', '=', last.id).execute()
      if (status === 'cancelled') await dropDifferences(db, last.id)
      await notify(db, [['remap_due', last.id]])
      return toRemap(db, { ...last, status })
    })
  }

  return {
    get: (userId, sourceId, connectionId) =>
      database.asUser(userId, async (db) => {
        const connection = await readConnection(db, { userId, sourceId, connectionId })
        const last = connection && (await lastOf(db, connection.id).executeTakeFirst())
        return last ? toRemap(db, last) : null
      }),

    stored: (userId, sourceId, connectionId) => readStoredAnswers(parts, { userId, sourceId, connectionId }),

    begin: (userId, sourceId, connectionId) => beginRemap(parts, { userId, sourceId, connectionId }, 'asked'),

    apply: (userId, sourceId, connectionId) =>
      change({ userId, sourceId, connectionId }, ['ready'], 'applying', 'Compare the stored answers first.'),

    cancel: (userId, sourceId, connectionId) =>
      change(
        { userId, sourceId, connectionId },
        ['comparing', 'ready'],
        'cancelled',
        'There is nothing to cancel.',
      ),
  }
}

/** Begins to compare a connection's stored responses; one that is under way with the same mapping goes on. Throws `Problem` 404 or 409. */
export async function beginRemap(
  { database: usual, registry, clock }: Parts,
  of: ConnectionOf,
  because: Remap['because'],
): Promise<Remap> {
  const database = patient(usual)
  const { userId, sourceId: pluginId } = of
  const plugin = registry.find(pluginId)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  return database.asUser(userId, async (db) => {
    const connection = await readConnection(db, of)
    if (!connection?.account_id)
      throw new Problem(409, 'not-connected', 'Nothing was imported from this source yet.')
    const last = await lastOf(db, connection.id).forUpdate().executeTakeFirst()
    const version = plugin.mappingVersion ?? 1
    if (last && openStates.includes(last.status)) {
      if (last.mapping_version >= version) return toRemap(db, last)
      await db.updateTable('remaps').set({ status: 'cancelled' }).where('id', '=', last.id).execute()
      await dropDifferences(db, last.id)
    }
    const { time_zone: zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const remap = await db
      .insertInto('remaps')
      .values({
        user_id: userId,
        connection_id: connection.id,
        source_id: pluginId,
        account_id: connection.account_id,
        status: 'comparing',
        because,
        mapping_version: version,
        created_at: clock.now().toString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await writePlan(db, remap.id, await planRemap(db, accountOf(remap), zone))
    await notify(db, [['remap_due', remap.id]])
    return toRemap(db, remap)
  })
}

async function dropDifferences(db: Transaction, remapId: string): Promise<void> {
  await db.deleteFrom('remap_days').where('remap_id', '=', remapId).execute()
  await db.deleteFrom('remap_measurements').where('remap_id', '=', remapId).execute()
  await db.deleteFrom('remap_windows').where('remap_id', '=', remapId).execute()
}

function lastOf(db: Transaction, connectionId: string) {
  return db
    .selectFrom('remaps')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('created_at', 'desc')
    .limit(1)
}

async function toRemap(db: Transaction, remap: RemapRow): Promise<Remap> {
  const { rows } = await sql<{ compared: number; total: number }>`
    select count(*) filter (where state <> 'planned')::integer as compared, count(*)::integer as total
    from remap_windows where remap_id = ${remap.id}`.execute(db)
  return {
    status: remap.status,
    because: remap.because,
    windows: rows[0] ?? { compared: 0, total: 0 },
    preview: remap.preview,
    createdAt: remap.created_at.toString(),
    finishedAt: remap.finished_at?.toString() ?? null,
  }
}
