import type { FieldKind, PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { addDays } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { together } from '../database/together.ts'
import type { Registry } from '../sources/registry.ts'
import { fieldsOf } from '../sources/data-types.ts'

/** Kinds that add up over a day: what a device has not uploaded yet is missing in them. */
const sums: readonly (FieldKind | undefined)[] = [
  'steps',
  'distance',
  'calories',
  'active-calories',
  'active-minutes',
  'zone-minutes',
  'floors',
  'cardio-load',
  'workouts',
  'workout-duration',
  'coding-time',
]

export interface AskedDays {
  userId: string
  from: string
  to: string
  today: string
  /** Days before it are closed: they count with what they have. */
  firstOpen: string
}

/** By date, the names of metrics. */
export class DaysAtWork {
  readonly #names = new Map<string, Set<string>>()

  /** Adds a source's fields, and the kinds whose merged value of the date may be theirs. */
  add(date: string, { id, fields }: Pick<PluginDeclaration, 'id' | 'fields'>, names: string[]): void {
    const known = this.#names.get(date) ?? new Set()
    for (const name of names) {
      known.add(`${id}.${name}`)
      const { kind } = fields[name] ?? {}
      if (kind) known.add(mergedName(id, kind))
    }
    this.#names.set(date, known)
  }

  hasDate(date: string): boolean {
    return this.#names.has(date)
  }

  /** `source`: the id of the source that a merged value is of. */
  has(date: string, metric: string, source?: string): boolean {
    const name = source === undefined ? metric : mergedName(source, metric.replace(/^metric\./, ''))
    return this.#names.get(date)?.has(name) ?? false
  }
}

const mergedName = (source: string, kind: string) => `${source} metric.${kind}`

/**
 * The values that a connected source may still complete: of days that it had not finished when it was last asked, and sums of
 * yesterday while it has nothing of today, since the device has not uploaded after midnight.
 */
export async function readDaysAtWork(
  db: Transaction,
  registry: Registry,
  asked: AskedDays,
): Promise<DaysAtWork> {
  const atWork = new DaysAtWork()
  const yesterday = addDays(asked.today, -1)
  const hasYesterday = asked.from <= yesterday && yesterday <= asked.to
  const [notDueYet, silentToday] = await together([
    readNotDueYet(db, asked),
    hasYesterday ? readSilentToday(db, asked) : Promise.resolve([]),
  ])
  for (const { source, date, ...type } of notDueYet) {
    const plugin = registry.find(source)
    if (plugin) atWork.add(date, plugin, fieldsOf(plugin, type))
  }
  for (const source of silentToday) {
    const plugin = registry.find(source)
    const adding = Object.entries(plugin?.fields ?? {}).filter(([, { kind }]) => sums.includes(kind))
    if (plugin)
      atWork.add(
        yesterday,
        plugin,
        adding.map(([name]) => name),
      )
  }
  return atWork
}

const ofConnected = sql`coverage v
  join user_integrations c on c.user_id = v.user_id and c.source_id = v.source_id and c.account_id = v.account_id`

async function readNotDueYet(db: Transaction, { userId, from, to, firstOpen }: AskedDays) {
  const { rows } = await sql<{ source: string; stream: string; dataType: string; date: string }>`
    select v.source_id as source, v.stream, v.data_type as "dataType", day::date::text as date
    from ${ofConnected}
    cross join lateral unnest(
      v.days * datemultirange(daterange(${from}, ${to}, '[]')) * datemultirange(daterange(${firstOpen}, null))) as part
    cross join lateral generate_series(lower(part)::timestamp, upper(part)::timestamp - interval '1 day', interval '1 day') as day
    where v.user_id = ${userId} and v.state = 'not-due-yet'`.execute(db)
  return rows
}

/** The sources that have given nothing of today in any stream. */
async function readSilentToday(db: Transaction, { userId, today }: AskedDays): Promise<string[]> {
  const { rows } = await sql<{ source: string }>`
    select v.source_id as source from ${ofConnected}
    where v.user_id = ${userId}
    group by v.source_id
    having not bool_or(v.state = 'has-data' and v.days @> ${today}::date)`.execute(db)
  return rows.map(({ source }) => source)
}
