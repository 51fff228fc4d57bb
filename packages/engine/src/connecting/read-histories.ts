import { sql } from 'kysely'
import { addDays, localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import type { HistoryStatus } from '../contract/engine.ts'
import { dataTypesOf, type StreamDataType } from '../sources/data-types.ts'
import { wantedStreams } from '../planning/wanted-streams.ts'
import { lookbackOf } from '../planning/look-back.ts'
import type { Parts } from '../parts.ts'
import type { Connection } from '../connections/connection.ts'
import { historyFloor } from '../planning/backfill-floor.ts'

/** From how many of its last jobs of history a connection's speed is taken. */
const measuredJobs = 10

/** How far the history of each of a user's connections has come, by the connection's id. */
export async function readHistories(
  db: Transaction,
  { registry, clock }: Pick<Parts, 'registry' | 'clock'>,
  connections: Connection[],
  timeZone: string,
): Promise<Map<string, HistoryStatus>> {
  const today = localDay(clock.now(), timeZone)
  const wanted = connections.flatMap((connection) => {
    const plugin = registry.find(connection.source_id)
    if (!plugin) return []
    return dataTypesOf(plugin, wantedStreams(plugin, connection).granted).map((type) => ({
      id: connection.id,
      ...type,
      from: historyFloor(plugin, type.stream, connection.history_from, today),
      to: addDays(today, -lookbackOf(plugin, type.stream)),
    }))
  })
  const left = await readLeft(db, wanted)
  return new Map(
    connections.map(({ id, history_from: from, history_paused: paused }) => {
      const { reached = null, days = 0, typeDays = 0, unasked = false, speed = null } = left.get(id) ?? {}
      const secondsLeft = typeDays === 0 ? 0 : speed === null ? null : Math.ceil(typeDays / speed)
      return [id, { reached: unasked ? null : (reached ?? from), from, paused, daysLeft: days, secondsLeft }]
    }),
  )
}

interface WantedDays extends StreamDataType {
  id: string
  from: string
  to: string
}

interface Left {
  /** The first day after the newest one that is missing. */
  reached: string | null
  days: number
  /** Each day counted once for every data type that was not asked for it. */
  typeDays: number
  /** A data type was not asked for any day yet. */
  unasked: boolean
  /** Days of data types a second, where some are left and jobs of history have ended. */
  speed: number | null
}

async function readLeft(db: Transaction, wanted: WantedDays[]): Promise<Map<string, Left>> {
  const { rows } = await sql<Left & { id: string }>`
    with wanted as (
      select id, stream, data_type, case when first <= last then datemultirange(daterange(first, last, '[]')) else '{}' end as days
      from unnest(${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ stream }) => stream)}::text[],
        ${wanted.map(({ dataType }) => dataType)}::text[],
        ${wanted.map(({ from }) => from)}::date[], ${wanted.map(({ to }) => to)}::date[]) as w (id, stream, data_type, first, last)
    ), known as (
      select c.id, k.stream, k.data_type, range_agg(part) as days
      from user_integrations c join coverage k using (user_id, source_id, account_id), unnest(k.days) as part
      group by c.id, k.stream, k.data_type
    ), missing as (
      select id, k.days is null as unasked, w.days - coalesce(k.days, '{}') as days
      from wanted w left join known k using (id, stream, data_type)
    ), summed as (
      select id, sum(upper(gap) - lower(gap))::integer as type_days, range_agg(gap) as days
      from missing, unnest(days) as gap group by id
    ), left_over as (
      select m.id, bool_or(m.unasked) as unasked, max(upper(m.days))::text as reached,
        coalesce(s.type_days, 0) as "typeDays",
        coalesce((select sum(upper(gap) - lower(gap)) from unnest(s.days) as gap), 0)::integer as days
      from missing m left join summed s using (id)
      group by m.id, s.type_days, s.days
    )
    select l.*, (${speedOf}) as speed from left_over l`.execute(db)
  return new Map(rows.map(({ id, ...left }) => [id, left]))
}

/**
 * Days of data types a second of the last jobs of history of a connection in `left_over`, waits for limits included. Null
 * where no day is left: among the jobs of an old connection those of its history are far to seek.
 */
const speedOf = sql`
  select sum(days) / nullif(sum(seconds), 0)::float8
  from (
    select id, extract(epoch from finished_at - started_at) as seconds from import_jobs
    where l."typeDays" > 0 and connection_id = l.id and selection = 'never-fetched' and status in ('succeeded', 'partial')
    order by created_at desc limit ${sql.lit(measuredJobs)}
  ) as job, lateral (
    select sum(to_day - from_day + 1) as days from fetches where job_id = job.id and covered_at is not null
  ) as covered
  having sum(days) > 0`
