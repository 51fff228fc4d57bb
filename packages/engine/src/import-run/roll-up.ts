import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Slice } from './merge.ts'
import { rollUpKinds } from './roll-up-kinds.ts'

/**
 * Makes the daily values of a slice anew: a manual entry wins, then the source's daily record, then its measurements; then
 * the values of the kinds that its fields have. A pure function of what is stored: only values that differ are written.
 */
export async function rollUp(db: Transaction, slice: Slice): Promise<void> {
  await rollUpFields(db, slice)
  await rollUpKinds(db, slice.userId, await kindsOf(db, slice), slice)
}

async function rollUpFields(db: Transaction, { userId, sourceId, accountId, fields, from, to, zone }: Slice) {
  const belongs = sql`(case f.belongs_to when 'end' then m.end_at else m.start_at end at time zone ${zone})::date`
  const minutesOf = (instant: ReturnType<typeof sql>) =>
    sql`extract(epoch from (${instant}) at time zone ${zone} - ${belongs}::timestamp) / 60`
  await sql`
    with mine as (
      select s.id, s.field, s.origin, s.layer, f.day_rule, f.belongs_to
      from series s join source_fields f using (source_id, field)
      where s.user_id = ${userId} and s.source_id = ${sourceId} and s.account_id = ${accountId}
        and s.field = any(${fields}) and s.dimension = ''
    ), said as (
      select distinct on (mine.field, r.day) mine.field, r.day, r.value, r.text_value
      from mine join daily_records r on r.series_id = mine.id
      where r.day between ${from} and ${to}
      order by mine.field, r.day, mine.layer desc, mine.origin
    ), measured as (
      select f.field, f.origin, f.layer, ${belongs} as day, count(*) as measurements,
        case f.day_rule
          when 'sum' then sum(m.value)
          when 'mean' then avg(m.value)
          when 'min' then min(m.value)
          when 'max' then max(m.value)
          when 'first' then (array_agg(m.value order by m.start_at))[1]
          when 'last' then (array_agg(m.value order by m.start_at desc))[1]
          when 'start' then min(${minutesOf(sql`m.start_at`)})
          when 'end' then max(${minutesOf(sql`m.end_at`)})
          when 'duration' then sum(extract(epoch from m.end_at - m.start_at))
        end as value
      from mine f join measurements m on m.series_id = f.id
      where f.day_rule is not null
        and m.start_at >= (${from}::timestamp at time zone ${zone}) - interval '48 hours'
        and m.start_at < (${to}::date + 1)::timestamp at time zone ${zone}
        and ${belongs} between ${from}::date and ${to}::date
      group by f.field, f.origin, f.layer, f.day_rule, f.belongs_to, day
    ), counted as (
      -- Two devices of one person count the same steps: the one that saw most of the day speaks for it.
      select distinct on (field, day) field, day, value from measured
      order by field, day, layer desc, measurements desc, origin
    ), entered as (
      select substring(metric_name from length(${sourceId}::text) + 2) as field, day, value, text_value
      from manual_entries
      where user_id = ${userId} and metric_name = any(${fields.map((field) => `${sourceId}.${field}`)})
        and day between ${from} and ${to}
    ), wanted as (
      select distinct on (field, day) field, day, value, text_value, basis
      from (
        select field, day, value, text_value, 'manual' as basis, 1 as rank from entered
        union all select field, day, value, text_value, 'daily-record', 2 from said
        union all select field, day, value, null, 'measurements', 3 from counted
      ) as candidates
      order by field, day, rank
    ), gone as (
      delete from daily_metric_values as d
      where d.user_id = ${userId} and d.metric_name = any(${fields.map((field) => `${sourceId}.${field}`)})
        and d.day between ${from} and ${to}
        and not exists (select from wanted w where w.day = d.day and ${sourceId} || '.' || w.field = d.metric_name)
    )
    merge into daily_metric_values as target
    using wanted as w
    on target.user_id = ${userId} and target.metric_name = ${sourceId} || '.' || w.field and target.day = w.day
    when matched and (target.value, target.text_value, target.basis) is distinct from (w.value, w.text_value, w.basis)
      then update set value = w.value, text_value = w.text_value, basis = w.basis, changed_at = now(),
        previous_value = target.value, previous_text_value = target.text_value
    when not matched then insert (user_id, day, metric_name, source, value, text_value, basis)
      values (${userId}, w.day, ${sourceId} || '.' || w.field, ${sourceId}, w.value, w.text_value, w.basis)
  `.execute(db)
}

async function kindsOf(db: Transaction, { sourceId, fields }: Slice): Promise<string[]> {
  const rows = await db
    .selectFrom('source_fields')
    .select('kind')
    .distinct()
    .where('source_id', '=', sourceId)
    .where('field', 'in', fields.length > 0 ? fields : [''])
    .where('kind', 'is not', null)
    .execute()
  return rows.flatMap(({ kind }) => kind ?? [])
}
