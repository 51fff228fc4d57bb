import type { RequestLimit } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** Seconds by which every window counts as longer, for requests that are longer on their way than the next. */
const margin = 0.25

export interface TicketRequest {
  sourceId: string
  /** The client that asks, whose project's limits all its accounts share. */
  clientId: string
  accountId: string
  limits: RequestLimit[]
  earliest: Temporal.Instant
  /** A moment after it is told, and not booked. */
  latest: Temporal.Instant
}

/**
 * Books the next moment at which a source may be asked, over all processes; gives it, booked unless it is after `latest`.
 *
 * Within short limits who asks first goes first, and each connection asks for one at a time: so they take turns. A
 * project's limit that is longer than anybody waits for leaves a part to the others, where the source has several users.
 */
export async function takeTicket(database: Database, request: TicketRequest): Promise<Temporal.Instant> {
  const { sourceId, clientId, accountId, earliest, latest } = request
  const patience = earliest.until(latest).total('seconds')
  const limits = request.limits.map(({ requests, seconds, per }) => ({
    requests,
    seconds: seconds + margin,
    whole: per === 'project',
    shared: per === 'project' && seconds > patience,
  }))
  return database.asSystem(async (db) => {
    const { rows } = await sql<{ at: Temporal.Instant }>`
      with users as (
        select count(*) > 1 as several from (
          select from user_integrations where source_id = ${sourceId} and enabled and state <> 'disconnected' limit 2) as two
      )
      select take_ticket(${sourceId}, ${clientId}, ${accountId}, (
        select jsonb_agg(rule || jsonb_build_object('shared', users.several and (rule -> 'shared')::boolean))
        from jsonb_array_elements(${JSON.stringify(limits)}::jsonb) as rule
      ), ${earliest.toString()}, ${latest.toString()}) as at from users`.execute(db)
    if (!rows[0]) throw new Error('no ticket was given')
    return rows[0].at
  })
}
