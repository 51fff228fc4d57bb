import type { Field, PluginDeclaration } from '@tributary/plugin-sdk'
import type { Connection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import type { Basis, DailyValue, Evidence, StreamOfDay } from '../contract/engine.ts'
import type { DayOf } from './day-of.ts'
import { readFetch, readFileFetches } from './read-fetch.ts'
import { readMeasurements } from './read-measurements.ts'
import { readRecords } from './read-records.ts'
import { dataTypeOf } from '../sources/data-types.ts'
import { readDayState } from './read-day-state.ts'

/** A field of a source, whose day is explained. */
export interface ExplainedField {
  plugin: PluginDeclaration
  field: Field
  fieldId: string
  connection: Connection | undefined
  userId: string
  day: string
  /** The user's zone. */
  zone: string
}

export function dayOf({ plugin, fieldId, connection, userId, day, zone }: ExplainedField): DayOf {
  return { userId, sourceId: plugin.id, accountId: connection?.account_id ?? '', field: fieldId, day, zone }
}

/** Reads all that lies under one field's value of one day. */
export async function readEvidence(
  db: Transaction,
  of: ExplainedField,
  basis: Basis | null,
  offset: number,
): Promise<Evidence> {
  const { plugin, fieldId, zone } = of
  const { rule, belongsTo } = await readDayRule(db, of)
  const measured =
    rule === null
      ? null
      : await readMeasurements(
          db,
          { ...dayOf(of), rule, belongsTo, isTime: of.field.type === 'time' },
          offset,
        )
  const measurements = measured?.measurements ?? null
  const spoke = basis === 'measurements' ? measurements?.origins[0] : undefined
  if (spoke) spoke.counts = true
  const { accountId, records } = await readRecords(db, dayOf(of))
  // A user may have had another account there: the answers to show are those of the one that spoke.
  const account = (basis === 'measurements' ? measured?.accountId : accountId) ?? dayOf(of).accountId
  const streams = plugin.files ? await readFiles(db, dayOf(of)) : await readStreams(db, of, account)
  const metric = `${plugin.id}.${fieldId}`
  return {
    metric,
    source: { id: plugin.id, name: plugin.name },
    day: rule === null ? null : { rule, belongsTo, zone },
    entry: await readEntry(db, of.userId, metric, of.day),
    records: records.map((record, index) => ({
      ...record,
      counts: basis === 'daily-record' && index === 0 && record.dimension === '',
    })),
    measurements,
    streams,
  }
}

/** What a user entered by hand for a day. */
export async function readEntry(
  db: Transaction,
  userId: string,
  metric: string,
  day: string,
): Promise<{ value: DailyValue; enteredAt: string } | null> {
  const row = await db
    .selectFrom('manual_entries')
    .select(['value', 'text_value', 'entered_at'])
    .where('user_id', '=', userId)
    .where('metric_name', '=', metric)
    .where('day', '=', day)
    .executeTakeFirst()
  return row ? { value: row.value ?? row.text_value, enteredAt: row.entered_at.toString() } : null
}

async function readDayRule(
  db: Transaction,
  { plugin, fieldId }: ExplainedField,
): Promise<{ rule: string | null; belongsTo: 'start' | 'end' }> {
  const row = await db
    .selectFrom('source_fields')
    .select(['day_rule', 'belongs_to'])
    .where('source_id', '=', plugin.id)
    .where('field', '=', fieldId)
    .executeTakeFirst()
  return { rule: row?.day_rule ?? null, belongsTo: row?.belongs_to === 'end' ? 'end' : 'start' }
}

async function readFiles(db: Transaction, of: DayOf): Promise<StreamOfDay[]> {
  const files = await readFileFetches(db, of)
  return files.map(({ file, fetch }) => ({
    id: 'file',
    name: file,
    enabled: true,
    granted: true,
    state: null,
    fetch,
  }))
}

async function readStreams(db: Transaction, of: ExplainedField, accountId: string): Promise<StreamOfDay[]> {
  const { plugin, fieldId, connection } = of
  const day = { ...dayOf(of), accountId }
  const found: StreamOfDay[] = []
  for (const [id, { name, fields, scopes }] of Object.entries(plugin.streams)) {
    if (!fields.includes(fieldId)) continue
    const type = dataTypeOf(plugin, id, fieldId)
    const granted = scopes?.every((scope) => connection?.scopes?.includes(scope)) ?? true
    found.push({
      id,
      name: name ?? id,
      enabled: !connection?.disabled_streams.includes(id),
      granted: granted || !connection || connection.state === 'disconnected',
      state: await readDayState(db, day, type),
      fetch: await readFetch(db, day, type),
    })
  }
  return found
}
