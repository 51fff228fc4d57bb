import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import { claimLease, renewLease } from '../database/leases.ts'
import type { Parts } from '../parts.ts'
import { repeat } from '../runtime/repeat.ts'
import { applyDifferences, isUpToDate } from './apply-differences.ts'
import { compareNext } from './compare-windows.ts'
import { previewRemap } from './preview-remap.ts'
import { holdRemap, type RemapRow } from './remap.ts'
import { lockValues } from '../database/locks.ts'

/** Goes on with the next remap that nobody works at; `false` when there is none. What was compared stays so over a kill. */
export async function runNextRemap(
  parts: Parts,
  leaseSeconds: number,
  isStopped: () => boolean,
): Promise<boolean> {
  const { database, log } = parts
  const claimed = await claimRemap(parts, leaseSeconds)
  if (!claimed) return false
  const heart = repeat(
    (leaseSeconds * 1000) / 3,
    () => renewLease(database, { table: 'remaps', seconds: leaseSeconds }, sql`id = ${claimed.id}`),
    (err) => log.warn({ err }, 'a remap’s lease could not be renewed'),
  )
  try {
    await workOn(parts, claimed, isStopped)
  } finally {
    void heart.stop()
  }
  // One that broke keeps its lease: it is tried again when that ends.
  await releaseLease(database, claimed.id)
  return true
}

async function workOn(parts: Parts, { id, user_id }: Claimed, isStopped: () => boolean): Promise<void> {
  const { database, registry, clock } = parts
  for (;;) {
    if (isStopped()) return
    const state = await database.asUser(user_id, (db) => readState(db, id))
    if (!state || (state.remap.status !== 'comparing' && state.remap.status !== 'applying')) return
    const { remap, zone } = state
    const handler = registry.handlers.get(remap.source_id)
    if (!handler) return
    if (await compareNext(parts, remap, handler)) continue
    const at = { zone, now: clock.now() }
    if (remap.status === 'comparing') {
      const preview = await previewRemap(database, remap, handler.plugin, at)
      const differs = preview.records + preview.measurements + preview.unreadable > 0
      const status = differs ? 'ready' : 'applying'
      await database.asUser(user_id, (db) => settle(db, remap, { status, preview }))
      continue
    }
    const applied = await database.asUser(user_id, async (db) => {
      await lockValues(db, remap.user_id, remap.source_id)
      if (!(await holdRemap(db, remap))) return true
      // Read again: the user may have moved while this waited for their values.
      const now = await readState(db, id)
      if (!now) return true
      if (!(await isUpToDate(db, remap, now.zone))) return false
      await applyDifferences(db, remap, handler.plugin, { ...at, zone: now.zone })
      await settle(db, remap, { status: 'applied', finishedAt: at.now })
      return true
    })
    if (applied) return
  }
}

async function readState(
  db: Transaction,
  id: string,
): Promise<{ remap: RemapRow; zone: string } | undefined> {
  const row = await db
    .selectFrom('remaps')
    .innerJoin('users', 'users.id', 'remaps.user_id')
    .selectAll('remaps')
    .select('users.time_zone as zone')
    .where('remaps.id', '=', id)
    .executeTakeFirst()
  return row && { remap: row, zone: row.zone }
}

/** Moves a remap on, unless its user moved it meanwhile. */
async function settle(
  db: Transaction,
  { id, status: from }: RemapRow,
  {
    status,
    preview,
    finishedAt,
  }: { status: RemapRow['status']; preview?: object; finishedAt?: Temporal.Instant },
): Promise<void> {
  await db
    .updateTable('remaps')
    .set({
      status,
      ...(preview ? { preview: JSON.stringify(preview) } : {}),
      finished_at: finishedAt?.toString() ?? null,
    })
    .where('id', '=', id)
    .where('status', '=', from)
    .execute()
  if (status === 'applied') {
    await db.deleteFrom('remap_days').where('remap_id', '=', id).execute()
    await db.deleteFrom('remap_measurements').where('remap_id', '=', id).execute()
  }
}

interface Claimed {
  id: string
  user_id: string
}

/** Only one of the very mapping that this process has: beside one of another version each leaves the other's alone. */
async function claimRemap(
  { database, registry }: Pick<Parts, 'database' | 'registry'>,
  leaseSeconds: number,
): Promise<Claimed | undefined> {
  const known = [...registry.handlers.values()].map(({ plugin }) => plugin)
  const candidates = sql`status in ('comparing', 'applying') and (source_id, mapping_version) in (
      select * from unnest(${known.map(({ id }) => id)}::text[],
        ${known.map(({ mappingVersion = 1 }) => mappingVersion)}::integer[]))
    order by created_at`
  return database.asSystem((db) =>
    claimLease<Claimed>(
      db,
      { table: 'remaps', seconds: leaseSeconds },
      { key: 'id', candidates, returning: ['id', 'user_id'] },
    ),
  )
}

async function releaseLease(database: Database, id: string): Promise<void> {
  await database.asSystem((db) => sql`update remaps set lease_until = null where id = ${id}`.execute(db))
}
