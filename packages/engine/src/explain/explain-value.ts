import type { Field, PluginDeclaration } from '@tributary/plugin-sdk'
import { localDay } from '../domain/clock.ts'
import { readConnection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { Explanation, KindSource, Metric } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { declaredField, readOwnFields } from '../sources/find-field.ts'
import { findMissing } from './find-missing.ts'
import { readDailyValue } from './read-daily-value.ts'
import { type ExplainedField, readEntry, readEvidence } from './read-evidence.ts'
import { type KindField, readKindFields } from './read-kind-fields.ts'
import { describeRule } from './describe-rule.ts'

export interface Question {
  metric: string
  date: string
  /** Where the page of measurements begins. */
  offset: number
}

/** Says of a daily value where it comes from, down to the answers of the source, or why there is none. */
export function explainValue(
  { database, registry, clock }: Pick<Parts, 'database' | 'registry' | 'clock'>,
  userId: string,
  { metric, date, offset }: Question,
): Promise<Explanation> {
  return database.asUser(userId, async (db) => {
    const [owner = '', id = '', ...rest] = metric.split('.')
    if (rest.length > 0) throw unknownMetric()
    if (owner === 'manual') return explainEntry(db, id)
    return owner === 'metric' ? explainKind(db, id) : explainField(db, await findExplained(db, owner, id))
  })

  async function explainField(db: Transaction, of: ExplainedField | undefined): Promise<Explanation> {
    if (!of) throw unknownMetric()
    const stored = await readDailyValue(db, userId, `${of.plugin.id}.${of.fieldId}`, date)
    const basis = stored?.basis ?? null
    const evidence = await readEvidence(db, of, basis, offset)
    return {
      metric: evidence.metric,
      date,
      name: of.field.name,
      type: of.field.type,
      unit: of.field.unit ?? null,
      value: stored?.value ?? null,
      basis,
      rule: describeRule(basis, evidence),
      missing: stored ? null : await findMissing(db, of, evidence.streams, clock.now()),
      change: stored?.change ?? null,
      sources: [],
      evidence,
    }
  }

  async function explainKind(db: Transaction, kind: string): Promise<Explanation> {
    const fields = await readKindFields(db, userId, kind, date)
    const known = [...registry.handlers.values()].flatMap(({ plugin }) => Object.values(plugin.fields))
    const declared = known.find((field) => field.kind === kind)
    if (!declared && fields.length === 0) throw unknownMetric()
    const stored = await readDailyValue(db, userId, metric, date)
    const chosen =
      stored && fields.find(({ sourceId, value }) => sourceId === stored.source && value !== null)
    const sources: KindSource[] = []
    const missing: Explanation['missing'][] = []
    let form: Pick<Field, 'type' | 'unit'> | undefined
    let won: Explanation | undefined
    for (const one of fields) {
      const of = await findExplained(db, one.sourceId, one.field)
      if (!of) continue
      const explained = await explainField(db, of)
      const counts = one === chosen
      if (counts) [form, won] = [of.field, explained]
      sources.push({
        metric: explained.metric,
        source: of.plugin.name,
        field: of.field.name,
        value: one.value,
        counts,
        sentence: counts ? sayChoice(one, fields) : (explained.missing?.sentence ?? null),
      })
      missing.push(explained.missing)
      form ??= of.field
    }
    const { type, unit } = form ?? declared ?? { type: 'number' }
    return {
      metric,
      date,
      name: kind,
      type,
      unit: unit ?? null,
      value: stored?.value ?? null,
      basis: stored?.basis ?? null,
      rule: won ? won.rule : [],
      missing: stored ? null : noneOf(missing),
      change: stored?.change ?? null,
      sources,
      evidence: won?.evidence ?? null,
    }
  }

  function noneOf(missing: Explanation['missing'][]): Explanation['missing'] {
    const [first] = missing
    if (first === undefined)
      return { reason: 'not-connected', sentence: 'No source that gives this is connected. Connect one.' }
    if (first?.reason === 'future') return first
    const reason = missing.every((one) => one?.reason === first?.reason) ? first?.reason : undefined
    return { reason: reason ?? 'had-none', sentence: 'None of your sources has a value of this for the day.' }
  }

  async function explainEntry(db: Transaction, id: string): Promise<Explanation> {
    const templates = await db
      .selectFrom('metric_templates')
      .select('metrics')
      .where('user_id', '=', userId)
      .execute()
    const found = templates.flatMap(({ metrics }) => metrics).find((one) => isManual(one) && one.id === id)
    if (!found || !isManual(found)) throw unknownMetric()
    const stored = await readDailyValue(db, userId, metric, date)
    const { time_zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const future = date > localDay(clock.now(), time_zone)
    const entry = await readEntry(db, userId, metric, date)
    const evidence = { metric, source: null, day: null, entry, records: [], measurements: null, streams: [] }
    return {
      metric,
      date,
      name: found.name,
      type: found.valueType,
      unit: found.unit,
      value: stored?.value ?? null,
      basis: stored?.basis ?? null,
      rule: describeRule(stored?.basis ?? null, evidence),
      missing: stored
        ? null
        : future
          ? { reason: 'future', sentence: 'This day has not come yet.' }
          : {
              reason: 'not-entered',
              sentence: 'Nothing was entered for this day. Enter it on the day’s page.',
            },
      change: stored?.change ?? null,
      sources: [],
      evidence,
    }
  }

  async function findExplained(
    db: Transaction,
    sourceId: string,
    fieldId: string,
  ): Promise<ExplainedField | undefined> {
    const plugin: PluginDeclaration | undefined = registry.find(sourceId)
    const field =
      declaredField(registry, sourceId, fieldId) ?? (await readOwnFields(db)).get(sourceId)?.[fieldId]
    if (!plugin || !field) return undefined
    const { time_zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const connection = await readConnection(db, { userId, sourceId })
    return { plugin, field, fieldId, connection, userId, day: date, zone: time_zone }
  }
}

/** Why a source's value is that of the kind. */
function sayChoice(chosen: KindField, fields: KindField[]): string {
  const having = fields.filter(({ value }) => value !== null)
  if (having.length === 1) return 'Used, because no other source has a value for the day.'
  if (having.some((one) => one !== chosen && one.sourceId === chosen.sourceId))
    return 'Used, because it comes first of the fields that have a value.'
  if (chosen.replaces !== null) return `Used, because it replaces ${chosen.replaces}, which was retired.`
  if (chosen.preference !== null)
    return 'Used, because it is the first source in your order that has a value.'
  return 'Used, because it was connected first of the sources that have a value. You can set an order in Integrations.'
}

const isManual = (metric: Metric): metric is Extract<Metric, { type: 'manual' }> => metric.type === 'manual'

const unknownMetric = () =>
  new Problem(
    404,
    'unknown-metric',
    'There is no metric of that name. Names look like metric.steps or your-plugin.steps.',
  )
