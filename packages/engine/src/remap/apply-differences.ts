import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { coverWindows, lastSettledDay } from '../import-run/coverage.ts'
import { rollUp } from '../import-run/roll-up.ts'
import { planRemap } from './plan-remap.ts'
import { accountOf, type RemapRow } from './remap.ts'
import { writePlan } from './write-plan.ts'

/** Whether everything that counts now was compared; what an import brought meanwhile is put into the plan. */
export async function isUpToDate(db: Transaction, remap: RemapRow, zone: string): Promise<boolean> {
  await writePlan(db, remap.id, await planRemap(db, accountOf(remap), zone))
  const open = await db
    .selectFrom('remap_windows')
    .select('number')
    .where('remap_id', '=', remap.id)
    .where('state', '=', 'planned')
    .limit(1)
    .executeTakeFirst()
  return open === undefined
}

/** Keeps imports of the connection from writing until the transaction ends. */
export async function holdValues(db: Transaction, connectionId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('values ' || ${connectionId}))`.execute(db)
}

/** Writes all differences of a remap, their daily values and coverage, in the transaction that it is given. */
export async function applyDifferences(
  db: Transaction,
  remap: RemapRow,
  plugin: PluginDeclaration,
  { zone, now }: { zone: string; now: Temporal.Instant },
): Promise<void> {
  const account = accountOf(remap)
  const ofRemap = sql`remap_id = ${remap.id}`
  await sql`
    delete from daily_records r using remap_days d
    where ${ofRemap} and d.action = 'removed' and r.series_id = d.series_id and r.day = d.day`.execute(db)
  await sql`
    insert into daily_records (series_id, day, value, text_value)
    select series_id, day, value, text_value from remap_days where ${ofRemap} and action <> 'removed'
    on conflict (series_id, day) do update set value = excluded.value, text_value = excluded.text_value`.execute(
    db,
  )
  await sql`
    delete from measurements m using remap_measurements d
    where ${ofRemap} and d.action = 'removed' and m.series_id = d.series_id and m.start_at = d.start_at`.execute(
    db,
  )
  await sql`
    insert into measurements (series_id, start_at, end_at, value)
    select series_id, start_at, end_at, value from remap_measurements where ${ofRemap} and action <> 'removed'
    on conflict (series_id, start_at) do update set end_at = excluded.end_at, value = excluded.value`.execute(
    db,
  )

  const { rows: touched } = await sql<{ stream: string; from: string; to: string }>`
    select stream, min(from_day) as "from", max(to_day) as "to" from remap_windows w
    where ${ofRemap} and number in (
      select number from remap_days where ${ofRemap} union select number from remap_measurements where ${ofRemap})
    group by stream`.execute(db)
  const slices = touched.map(({ stream, ...days }) => ({
    fields: plugin.streams[stream]?.fields ?? [],
    ...days,
  }))
  await rollUp(db, { ...account, zone, slices })

  const windows = await db
    .selectFrom('remap_windows')
    .select(['stream', 'from_day as from', 'to_day as to', 'unread', 'fetch_id'])
    .select([sql<string[]>`filled::text[]`.as('filled'), sql<string[]>`unsettled::text[]`.as('unsettled')])
    .where('remap_id', '=', remap.id)
    .where('state', '=', 'compared')
    .execute()
  if (windows.length === 0) return
  const today = localDay(now, zone)
  await coverWindows(
    db,
    account,
    windows.map(({ stream, from, to, filled, unsettled, unread }) => ({
      stream,
      from,
      to,
      filled,
      settled: lastSettledDay(today, plugin.streams[stream]?.settlesAfterDays),
      unsettled,
      unread,
    })),
  )
  await sql`
    update fetches set mapping_version = ${remap.mapping_version}
    where id = any(${windows.map(({ fetch_id }) => fetch_id)}::bigint[])`.execute(db)
}
