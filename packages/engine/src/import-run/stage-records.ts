import {
  type Field,
  type FieldValue,
  isDailyRecord,
  type MappedRecord,
  type PluginDeclaration,
  type Window,
} from '@tributary/plugin-sdk'
import { readValue } from './read-value.ts'

export interface StagedDay {
  field: string
  dimension: string
  origin: string
  day: string
  value: number | null
  text: string | null
}

export interface StagedMeasurement {
  field: string
  dimension: string
  origin: string
  /** Milliseconds since 1970. */
  start: number
  end: number
  value: number
}

export interface Rejection {
  reason: string
  record: unknown
}

export interface Staged {
  days: StagedDay[]
  measurements: StagedMeasurement[]
  rejections: Rejection[]
  /** Days on which the source is still at work. */
  unsettled: string[]
  read: number
}

/** What records may hold: the fields of a stream or an upload, and the days that were asked for. */
export interface Expected {
  fields: Record<string, Field>
  from?: string
  to?: string
}

/** The fields of a window's stream, within its days. */
export function expectedOf(plugin: PluginDeclaration, { stream, from, to }: Window): Expected {
  const names = plugin.streams[stream]?.fields ?? []
  const fields = Object.fromEntries(
    names.flatMap((id) => (plugin.fields[id] ? [[id, plugin.fields[id]]] : [])),
  )
  return { fields, from, to }
}

/** Checks mapped records against the expected fields: what is bad is rejected with its reason, the rest goes on. */
export async function stageRecords(
  { fields, from, to }: Expected,
  records: AsyncIterable<MappedRecord> | Iterable<MappedRecord>,
): Promise<Staged> {
  const days = new Map<string, StagedDay>()
  const measurements = new Map<string, StagedMeasurement>()
  const rejections: Rejection[] = []
  const unsettled = new Set<string>()
  let read = 0

  function fieldOf(id: string): Field {
    const field = fields[id]
    if (!field) throw new TypeError(`there is no field "${id}"`)
    return field
  }

  function stageDay(date: string, id: string, value: FieldValue, dimension: string, origin: string): void {
    const stored = readValue(fieldOf(id), value)
    if (stored === null) return
    const text = typeof stored === 'string'
    days.set(JSON.stringify([id, dimension, origin, date]), {
      field: id,
      dimension,
      origin,
      day: date,
      value: text ? null : stored,
      text: text ? stored : null,
    })
  }

  for await (const record of records) {
    read += 1
    try {
      const { dimension = '', origin = '' } = record
      if (isDailyRecord(record)) {
        const date = Temporal.PlainDate.from(record.date).toString()
        // Some sources give the neighbours of the days that were asked for.
        if ((from && date < from) || (to && date > to)) continue
        if (record.unsettled) unsettled.add(date)
        for (const [id, value] of Object.entries(record.fields)) stageDay(date, id, value, dimension, origin)
      } else {
        const value = readValue(fieldOf(record.field), record.value)
        if (typeof value !== 'number') throw new TypeError('a measurement is a number')
        const start = milliseconds(record.start)
        const end = record.end === undefined ? start : milliseconds(record.end)
        if (end < start) throw new TypeError('it ends before it starts')
        const key = JSON.stringify([record.field, dimension, origin, start])
        measurements.set(key, { field: record.field, dimension, origin, start, end, value })
      }
    } catch (error) {
      rejections.push({ reason: (error as Error).message, record })
    }
  }
  return {
    days: [...days.values()],
    measurements: [...measurements.values()],
    rejections,
    unsettled: [...unsettled],
    read,
  }
}

function milliseconds(time: string | number): number {
  const value = typeof time === 'number' ? time : Temporal.Instant.from(time).epochMilliseconds
  if (!Number.isFinite(value)) throw new TypeError('its time is no time')
  return value
}
