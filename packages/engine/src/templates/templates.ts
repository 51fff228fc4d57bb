import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import type { Metric, MetricTemplate, MetricTemplates, NewMetric, NewTemplate } from '../contract/engine.ts'
import { Problem } from '../domain/problem.ts'
import { findField } from '../sources/find-field.ts'
import type { Registry } from '../sources/registry.ts'
import { isUuid } from '../database/is-uuid.ts'
import { lockForUser } from '../database/locks.ts'

const mostMetrics = 100
const mostTemplates = 100

/** A user's lists of metrics. */
export function createTemplates(database: Database, registry: Registry): MetricTemplates {
  function find(db: Transaction, userId: string, id: string) {
    return db
      .selectFrom('metric_templates')
      .selectAll()
      .where('user_id', '=', userId)
      .where('id', '=', isUuid(id) ? id : '00000000-0000-0000-0000-000000000000')
      .executeTakeFirst()
  }

  async function read(db: Transaction, userId: string, id: string): Promise<MetricTemplate> {
    const row = await find(db, userId, id)
    if (!row) throw new Problem(404, 'unknown-template', 'There is no such template.')
    return toTemplate(row)
  }

  async function choose(db: Transaction, userId: string, id: string): Promise<void> {
    await db
      .updateTable('metric_templates')
      .set({ chosen: sql<boolean>`id = ${id}` })
      .where('user_id', '=', userId)
      .execute()
  }

  return {
    async list(userId) {
      const rows = await database.asUser(userId, (db) =>
        db
          .selectFrom('metric_templates')
          .selectAll()
          .where('user_id', '=', userId)
          .orderBy('position')
          .execute(),
      )
      return rows.map(toTemplate)
    },

    get: (userId, id) => database.asUser(userId, (db) => read(db, userId, id)),

    create: (userId, template) =>
      database.asUser(userId, async (db) => {
        await lockForUser(db, userId, 'templates')
        await checkRoom(db)
        const metrics = await checkMetrics(db, registry, template, [])
        const { id } = await db
          .insertInto('metric_templates')
          .values(({ selectFrom, fn }) => ({
            user_id: userId,
            name: checkName(template.name),
            metrics: JSON.stringify(metrics),
            position: selectFrom('metric_templates')
              .where('user_id', '=', userId)
              .select(({ lit, eb }) =>
                eb(fn.coalesce(fn.max('position'), lit(0)), '+', 1).as('position'),
              ) as never,
          }))
          .returning('id')
          .executeTakeFirstOrThrow()
        const others = await db
          .selectFrom('metric_templates')
          .select('id')
          .where('chosen', '=', true)
          .executeTakeFirst()
        if (template.chosen || !others) await choose(db, userId, id)
        return read(db, userId, id)
      }),

    replace: (userId, id, template) =>
      database.asUser(userId, async (db) => {
        const before = await read(db, userId, id)
        const metrics = await checkMetrics(db, registry, template, before.metrics)
        await db
          .updateTable('metric_templates')
          .set({ name: checkName(template.name), metrics: JSON.stringify(metrics) })
          .where('id', '=', id)
          .execute()
        if (template.chosen) await choose(db, userId, id)
        return read(db, userId, id)
      }),

    remove: (userId, id) =>
      database.asUser(userId, async (db) => {
        const { chosen } = await read(db, userId, id)
        await db.deleteFrom('metric_templates').where('id', '=', id).execute()
        const next = await db
          .selectFrom('metric_templates')
          .select('id')
          .orderBy('position')
          .executeTakeFirst()
        if (chosen && next) await choose(db, userId, next.id)
      }),

    reorder: (userId, ids) =>
      database.asUser(userId, async (db) => {
        const all = await db
          .selectFrom('metric_templates')
          .select('id')
          .where('user_id', '=', userId)
          .execute()
        if (new Set(ids).size !== all.length || ids.length !== all.length) {
          throw new Problem(422, 'bad-order', 'The new order must name every template once.')
        }
        for (const [position, id] of ids.entries()) {
          await read(db, userId, id)
          await db.updateTable('metric_templates').set({ position }).where('id', '=', id).execute()
        }
      }),
  }
}

async function checkRoom(db: Transaction): Promise<void> {
  const { templates } = await db
    .selectFrom('metric_templates')
    .select(({ fn }) => fn.countAll<string>().as('templates'))
    .executeTakeFirstOrThrow()
  if (Number(templates) >= mostTemplates)
    throw new Problem(409, 'too-many-templates', `You can keep ${mostTemplates} lists. Remove one first.`)
}

function toTemplate({ id, name, chosen, metrics }: Selectable<Schema['metric_templates']>): MetricTemplate {
  return { id, name, chosen, metrics }
}

function checkName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > 100) throw new Problem(422, 'bad-name', 'A name has 1 to 100 characters.')
  return name
}

async function checkMetrics(
  db: Transaction,
  registry: Registry,
  { metrics }: NewTemplate,
  before: Metric[],
): Promise<Metric[]> {
  if (metrics.length > mostMetrics) {
    throw new Problem(422, 'too-many-metrics', `A template has at most ${mostMetrics} metrics.`)
  }
  const checked: Metric[] = []
  for (const metric of metrics) checked.push(await checkMetric(db, registry, metric, before))
  return checked
}

async function checkMetric(
  db: Transaction,
  registry: Registry,
  metric: NewMetric,
  before: Metric[],
): Promise<Metric> {
  const name = checkName(metric.name)
  if (metric.type === 'manual') {
    // An id that was not this template's is another metric's: its entries are not to be taken over.
    const kept = before.some((old) => old.type === 'manual' && old.id === metric.id)
    const id = kept && metric.id ? metric.id : randomUUID()
    return { type: 'manual', id, name, valueType: metric.valueType, unit: metric.unit ?? null }
  }
  const { source } = metric
  const field = await findField(db, registry, source)
  const isKind = source.startsWith('metric.') && kindsOf(registry).has(source.slice('metric.'.length))
  // What vanished since keeps its place until the user takes it out: the rest of the list can be changed beside it.
  const stood = before.some((old) => old.type === 'external' && old.source === source)
  if (!field && !isKind && !stood) throw new Problem(422, 'unknown-source', `No source gives "${source}".`)
  return { type: 'external', id: source, name, source }
}

function kindsOf(registry: Registry): Set<string> {
  const fields = [...registry.handlers.values()].flatMap(({ plugin }) => Object.values(plugin.fields))
  return new Set(fields.flatMap(({ kind }) => kind ?? []))
}
