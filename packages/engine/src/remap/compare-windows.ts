import type { BaseIntegrationHandler } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'
import type { Parts } from '../parts.ts'
import { storeDifferences, type NumberedReread } from './store-differences.ts'
import { accountOf, holdRemap, type RemapRow } from './remap.ts'
import { stageWindow } from './stage-window.ts'

/** So many values are compared in one transaction. */
const valuesAtOnce = 20_000
const windowsAtOnce = 200

/** Compares the next windows of a remap, as many as one transaction takes; `false` when none is left. */
export async function compareNext(
  parts: Pick<Parts, 'database' | 'log'>,
  remap: RemapRow,
  handler: BaseIntegrationHandler,
): Promise<boolean> {
  const { database } = parts
  const { planned, keepEvery } = await database.asUser(remap.user_id, (db) => readPlanned(db, remap))
  const [first] = planned
  if (!first) return false
  const part: NumberedReread[] = []
  const unreadable: number[] = []
  let values = 0
  for (const { number, ...window } of planned) {
    if (window.zone !== first.zone || values >= valuesAtOnce) break
    const reread = await stageWindow(parts, remap.user_id, handler, window, keepEvery)
    if (reread) {
      part.push({ ...reread, number, hoursOnly: window.hoursOnly })
      values += reread.window.staged.days.length + reread.window.staged.measurements.length
    } else unreadable.push(number)
  }
  await database.asUser(remap.user_id, async (db) => {
    if (!(await holdRemap(db, remap))) return
    const still = await readStillPlanned(db, remap.id)
    const open = part.filter(({ number }) => still.has(number))
    await storeDifferences(db, remap.id, accountOf(remap), first.zone, open)
    await noteUnreadable(db, remap.id, unreadable)
  })
  return true
}

async function readPlanned(db: Transaction, { id, connection_id }: RemapRow) {
  const { keep_every: keepEvery } = await db
    .selectFrom('user_integrations')
    .select('keep_every')
    .where('id', '=', connection_id)
    .executeTakeFirstOrThrow()
  const planned = await db
    .selectFrom('remap_windows')
    .select([
      'number',
      'stream',
      'data_type as dataType',
      'from_day as from',
      'to_day as to',
      'fetch_id as fetchId',
      'zone',
      'hours_only as hoursOnly',
    ])
    .where('remap_id', '=', id)
    .where('state', '=', 'planned')
    .orderBy('number')
    .limit(windowsAtOnce)
    .execute()
  return { planned, keepEvery }
}

/** Those that no other worker compared meanwhile, which thought this one dead. */
async function readStillPlanned(db: Transaction, remapId: string): Promise<Set<number>> {
  const rows = await db
    .selectFrom('remap_windows')
    .select('number')
    .where('remap_id', '=', remapId)
    .where('state', '=', 'planned')
    .execute()
  return new Set(rows.map(({ number }) => number))
}

async function noteUnreadable(db: Transaction, remapId: string, numbers: number[]): Promise<void> {
  if (numbers.length === 0) return
  await db
    .updateTable('remap_windows')
    .set({ state: 'unreadable' })
    .where('remap_id', '=', remapId)
    .where('number', 'in', numbers)
    .execute()
}
