import { type Field, type FieldKind, kinds } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import type { DailyValues, IncompleteValue, ManualType } from '../engine.ts'
import { firstOpenDay } from '../import-run/coverage.ts'
import type { Parts } from '../parts.ts'
import { declaredField, readOwnFields } from '../sources/find-field.ts'
import type { Registry } from '../sources/registry.ts'

/** The days of a range on which values may not be final. */
export interface OpenDays {
  isOpen(date: string): boolean
  /** Why a value is not final; `undefined` where it is. `source`: the id of the source that a merged value is of. */
  reasonOf(metric: string, date: string, source?: string): IncompleteValue['reason'] | undefined
}

interface Form {
  type: Field['type'] | ManualType
  kind?: FieldKind | undefined
}

/** The night that ends on a day is over while the day lasts. */
const nights: readonly (FieldKind | undefined)[] = [
  'sleep-duration',
  'sleep-deep',
  'sleep-light',
  'sleep-rem',
  'sleep-awake',
]

/** Whether a value can still change while its day lasts: a time of day, a text and a night's sleep do not. */
function changesUntilMidnight({ type, kind }: Form): boolean {
  return (type === 'number' || type === 'duration') && !nights.includes(kind)
}

/**
 * Reads on which days of a range values are not final: today in the user's zone, and those on which a source is still at
 * work. Averages and extremes leave such values out.
 */
export async function readOpenDays(
  { database, registry, clock }: Pick<Parts, 'database' | 'registry' | 'clock'>,
  userId: string,
  range: { from: string; to: string },
): Promise<OpenDays> {
  return database.asUser(userId, async (db) => {
    const { time_zone } = await db
      .selectFrom('users')
      .select('time_zone')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    const today = localDay(clock.now(), time_zone)
    const formOf = range.to >= today ? await readForms(db, registry, userId) : () => undefined
    const firstOpen = firstOpenDay(clock.now(), time_zone)
    const atWork = await readDaysAtWork(db, registry, userId, range, firstOpen)
    return {
      isOpen: (date) => date >= today || atWork.has(date),
      reasonOf(metric, date, source) {
        const form = date >= today ? formOf(metric) : undefined
        if (form && changesUntilMidnight(form)) return 'day-not-over'
        const name = source === undefined ? metric : `${source} ${metric}`
        return atWork.get(date)?.has(name) ? 'source-at-work' : undefined
      },
    }
  })
}

/** Which values of days are not final. */
export function incompleteOf({ isOpen, reasonOf }: OpenDays, days: DailyValues[]): IncompleteValue[] {
  return days
    .filter(({ date }) => isOpen(date))
    .flatMap(({ date, values, sources }) =>
      Object.entries(values).flatMap(([metric, value]) => {
        const reason = value === null ? undefined : reasonOf(metric, date, sources?.[metric])
        return reason === undefined ? [] : [{ date, metric, reason }]
      }),
    )
}

/** The form of any metric's values: of a source's field, of a kind, or of what is entered by hand. */
async function readForms(
  db: Transaction,
  registry: Registry,
  userId: string,
): Promise<(metric: string) => Form | undefined> {
  const own = await readOwnFields(db)
  const templates = await db
    .selectFrom('metric_templates')
    .select('metrics')
    .where('user_id', '=', userId)
    .execute()
  const entered = new Map(
    templates
      .flatMap(({ metrics }) => metrics)
      .flatMap((metric) => (metric.type === 'manual' ? [[metric.id, metric.valueType]] : [])),
  )
  return (metric) => {
    const [owner = '', id = ''] = metric.split('.')
    if (owner === 'manual') {
      const type = entered.get(id)
      return type && { type }
    }
    if (owner !== 'metric') return declaredField(registry, owner, id) ?? own.get(owner)?.[id]
    const kind = id as FieldKind
    return Object.hasOwn(kinds, kind) ? { type: kinds[kind].type, kind } : undefined
  }
}

/**
 * By date the metrics whose source had not finished the day when it was last asked; a merged one as `SOURCE metric.KIND`.
 * Days before `firstOpen` are closed.
 */
async function readDaysAtWork(
  db: Transaction,
  registry: Registry,
  userId: string,
  { from, to }: { from: string; to: string },
  firstOpen: string,
): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ source: string; stream: string; date: string }>`
    select v.source_id as source, v.stream, day::date::text as date
    from coverage v
    join user_integrations c on c.user_id = v.user_id and c.source_id = v.source_id and c.account_id = v.account_id
    cross join lateral unnest(
      v.days * datemultirange(daterange(${from}, ${to}, '[]')) * datemultirange(daterange(${firstOpen}, null))) as part
    cross join lateral generate_series(lower(part)::timestamp, upper(part)::timestamp - interval '1 day', interval '1 day') as day
    where v.user_id = ${userId} and v.state = 'not-due-yet'`.execute(db)
  const atWork = new Map<string, Set<string>>()
  for (const { source, stream, date } of rows) {
    const { fields = {}, streams = {} } = registry.find(source) ?? {}
    const metrics = atWork.get(date) ?? new Set()
    for (const field of streams[stream]?.fields ?? []) {
      metrics.add(`${source}.${field}`)
      const { kind } = fields[field] ?? {}
      if (kind) metrics.add(`${source} metric.${kind}`)
    }
    atWork.set(date, metrics)
  }
  return atWork
}
