import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { recordCoverage, lastSettledDay, openDays } from '../planning/record-coverage.ts'
import { zonesApart } from '../calendar/day-starts.ts'
import { rollUp } from '../values/roll-up.ts'
import { fieldsOf, type StreamDataType } from '../sources/data-types.ts'
import { planRemap } from './plan-remap.ts'
import { accountOf, type RemapRow } from './remap.ts'
import { writePlan } from './write-plan.ts'
import type { DayRange } from '../domain/day-ranges.ts'

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
    select distinct on (series_id, start_at) series_id, start_at, end_at, value
    from remap_measurements join remap_windows using (remap_id, number)
    where ${ofRemap} and action <> 'removed' order by series_id, start_at, fetch_id desc
    on conflict (series_id, start_at) do update set end_at = excluded.end_at, value = excluded.value`.execute(
    db,
  )

  const { rows: touched } = await sql<StreamDataType & DayRange>`
    select stream, data_type as "dataType", lower(days)::text as "from", (upper(days) - 1)::text as "to"
    from (
      -- Their days were cut by the zone of then.
      select stream, data_type, unnest(range_agg(daterange(from_day - ${zonesApart}::integer, to_day + ${zonesApart}::integer + 1))) as days
      from remap_windows w
      where ${ofRemap} and number in (
        select number from remap_days where ${ofRemap} union select number from remap_measurements where ${ofRemap})
      group by stream, data_type
    ) as touched`.execute(db)
  const slices = touched.map(({ from, to, ...type }) => ({ fields: fieldsOf(plugin, type), from, to }))
  await rollUp(db, { ...account, cause: 'remap', zone, slices })

  const windows = await db
    .selectFrom('remap_windows')
    .innerJoin('fetches', 'fetches.id', 'remap_windows.fetch_id')
    .select([
      'remap_windows.stream',
      'remap_windows.data_type as dataType',
      'remap_windows.from_day as from',
      'remap_windows.to_day as to',
      'too_many_rejected as tooManyRejected',
      'fetch_id',
      'covered_at',
    ])
    .select([sql<string[]>`filled::text[]`.as('filled'), sql<string[]>`unsettled::text[]`.as('unsettled')])
    .where('remap_id', '=', remap.id)
    .where('state', '=', 'compared')
    .where('hours_only', '=', false)
    .execute()
  if (windows.length === 0) return
  await recordCoverage(
    db,
    account,
    windows.map(({ stream, dataType, from, to, filled, unsettled, tooManyRejected, covered_at }) => ({
      stream,
      dataType,
      from,
      to,
      filled,
      // A day that was empty when it was asked is not empty for having grown old since.
      settled: lastSettledDay(localDay(covered_at ?? now, zone), plugin.streams[stream]?.settlesAfterDays),
      unsettled: openDays(unsettled, covered_at ?? now, zone),
      tooManyRejected,
      // The answer is the same as before: it was the mapping that changed.
      rechecksEmptied: false,
    })),
  )
  await replaceRejections(db, remap)
  await sql`
    update fetches set mapping_version = ${remap.mapping_version}
    where id = any(${windows.map(({ fetch_id }) => fetch_id)}::bigint[])`.execute(db)
}

/** What could not be read of the answers is now what the mapping of now cannot read. */
async function replaceRejections(db: Transaction, { id, user_id }: RemapRow): Promise<void> {
  const read = sql`select fetch_id, rejections from remap_windows
    where remap_id = ${id} and state = 'compared' and not hours_only`
  await sql`delete from import_rejections where fetch_id in (select fetch_id from (${read}) as read)`.execute(
    db,
  )
  await sql`
    insert into import_rejections (user_id, fetch_id, code, page, reason, record)
    select ${user_id}, fetch_id, one ->> 'code', (one ->> 'page')::integer, one ->> 'reason', one -> 'record'
    from (${read}) as read, jsonb_array_elements(rejections) as one`.execute(db)
}
