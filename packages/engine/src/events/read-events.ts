import { sql } from 'kysely'
import type { EventPayloads } from '../contract/events.ts'
import type { Transaction } from '../database/database.ts'
import { type Cursor, formatCursor, readCursor } from './cursor.ts'

export type StoredEvent = {
  [Kind in keyof EventPayloads]: { id: string; kind: Kind; payload: EventPayloads[Kind] }
}[keyof EventPayloads]

export interface EventBatch {
  events: StoredEvent[]
  /** Where to continue. */
  cursor: string
  /** Whether there are more already. */
  more: boolean
}

const usualLimit = 500

/**
 * Reads the events of a user after a cursor, in the order in which they were written, and each at least once; without a cursor,
 * none yet. Ids are taken before a transaction commits, so that a late one brings ids below those that were read: a cursor is
 * therefore the snapshot of transactions that the last read saw, and the next read takes what that did not see.
 *
 * A snapshot of another database server, from which this one was restored, may name transactions that this one has not begun;
 * everything is read then. Events that came with such a copy are not: their transactions are not of here.
 */
export async function readEvents(
  db: Transaction,
  userId: string,
  after: string | undefined,
  limit = usualLimit,
): Promise<EventBatch> {
  const from = after === undefined ? undefined : readCursor(after)
  const { rows } = await sql<StoredEvent & { until: string }>`
    with place as materialized (
      select
        case when pg_snapshot_xmax(${from?.since ?? null}::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
          then '1:1:'::pg_snapshot else coalesce(${from?.since ?? null}::pg_snapshot, pg_current_snapshot()) end as since,
        coalesce(${from?.until ?? null}::pg_snapshot, pg_current_snapshot()) as until
    )
    select place.until::text as until, e.* from place left join (
      select id, kind, payload from events
      where user_id = ${userId} and id > ${from?.id ?? '0'}::bigint
        and transaction_id >= pg_snapshot_xmin((select since from place))
        and transaction_id < pg_snapshot_xmax((select until from place))
        and not pg_visible_in_snapshot(transaction_id, (select since from place))
        and pg_visible_in_snapshot(transaction_id, (select until from place))
      order by id limit ${limit + 1}
    ) as e on true
    order by e.id`.execute(db)
  const { until = '' } = rows[0] ?? {}
  const events = rows.filter(({ id }) => id !== null).map(({ until: _, ...event }) => event as StoredEvent)
  const shown = events.slice(0, limit)
  const more = events.length > limit
  const reached: Cursor = more
    ? { since: from?.since ?? until, until, id: shown.at(-1)?.id ?? '0' }
    : { since: until }
  return { events: shown, cursor: formatCursor(reached), more }
}
