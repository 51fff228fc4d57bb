import { sql } from 'kysely'
import type { StreamDataType } from '../sources/data-types.ts'
import type { SourceAccount } from '../domain/source-account.ts'

/**
 * SQL that selects (stream, state, days) from the coverage of some data types: what is known of a stream as a whole. A day is
 * known only if it is known for all of the stream's data types. It is failed if one of them failed; else it has data if one
 * has data, and is not due yet if one is not.
 */
export function streamDays({ userId, sourceId, accountId }: SourceAccount, types: StreamDataType[]) {
  return sql`
    with types as (
      select * from unnest(${types.map(({ stream }) => stream)}::text[], ${types.map(({ dataType }) => dataType)}::text[])
        as t (stream, data_type)
    ), rows as (
      select stream, data_type, state, part from coverage join types using (stream, data_type), unnest(days) as part
      where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId}
    ), known as (
      select stream, range_intersect_agg(coalesce((select range_agg(part) from rows
        where rows.stream = types.stream and rows.data_type = types.data_type), '{}')) as days
      from types group by stream
    ), found as (
      select stream, known.days as known, coalesce(range_agg(part) filter (where state = 'failed'), '{}') as failed,
        coalesce(range_agg(part) filter (where state = 'has-data'), '{}') as data,
        coalesce(range_agg(part) filter (where state = 'not-due-yet'), '{}') as due
      from known join rows using (stream) group by stream, known.days
    )
    select stream, state, case state
        when 'failed' then failed
        when 'has-data' then known * data - failed
        when 'not-due-yet' then known * due - data - failed
        when 'had-none' then known - due - data - failed
      end as days
    from found, unnest(array['has-data', 'had-none', 'not-due-yet', 'failed']) as state`
}
