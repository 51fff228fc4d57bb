import { sql } from 'kysely'
import type { EventPayloads } from '../contract/events.ts'
import type { Transaction } from '../database/database.ts'
import { type Notice, notifying } from '../database/notifications.ts'

/** Something that happened to what a user has. */
export type Event = {
  [Kind in keyof EventPayloads]: { userId: string; kind: Kind; payload: EventPayloads[Kind] }
}[keyof EventPayloads]

/**
 * Writes events into the outbox in the transaction that made the change, so that both are committed or neither is. The commit
 * wakes the readers of those users and sends `notices`.
 */
export async function publish(
  db: Transaction,
  events: readonly Event[],
  notices: readonly Notice[] = [],
): Promise<void> {
  if (events.length === 0 && notices.length === 0) return
  const users = [...new Set(events.map(({ userId }) => userId))]
  const all = [...notices, ...users.map((userId): Notice => ['event_written', userId])]
  await sql`
    with written as (
      insert into events (user_id, kind, payload)
      select * from unnest(${events.map(({ userId }) => userId)}::uuid[], ${events.map(({ kind }) => kind)}::text[],
        ${events.map(({ payload }) => JSON.stringify(payload))}::jsonb[])
    )
    ${notifying(all)}`.execute(db)
}
