import type { Stream } from '@tributary/plugin-sdk'
import type { z } from 'zod'
import { inAnswers } from './api.ts'

/** A data type of Google's that says something of a day. */
export interface DayType {
  /** What a person calls it after the stream's name; needed where a stream has several. */
  name?: string
  fields: string[]
  /** The values by field, read from what stands under the data type's name. */
  read: z.ZodType<Record<string, number | undefined>>
}

/** The fields of a stream and, where it has several, its data types. */
export function declareTypes(types: Record<string, DayType>): Pick<Stream, 'fields' | 'dataTypes'> {
  const fields = Object.values(types).flatMap((type) => type.fields)
  if (Object.keys(types).length === 1) return { fields }
  const dataTypes = Object.entries(types).map(([id, type]) => [
    id,
    { name: type.name ?? id, fields: type.fields },
  ])
  return { fields, dataTypes: Object.fromEntries(dataTypes) }
}

/** The data type to fetch: the one that is asked for, or the only one. */
export function typeOf(types: Record<string, DayType>, dataType: string): string {
  return dataType === '' ? (Object.keys(types)[0] ?? '') : dataType
}

/** The values in a point that has one of some data types. */
export function fieldsIn(
  point: Record<string, unknown>,
  types: Record<string, DayType>,
): Record<string, number | undefined> {
  const values = Object.keys(types).map(
    (id) => point[inAnswers(id)] as Record<string, number | undefined> | undefined,
  )
  return Object.assign({}, ...values)
}
