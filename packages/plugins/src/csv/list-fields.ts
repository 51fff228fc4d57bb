import type { Field } from '@tributary/plugin-sdk'
import { type CsvMapping, isDuration } from './mapping.ts'

/** The fields that a file brings by its mapping. */
export function listFields({ columns }: CsvMapping): Record<string, Field> {
  return Object.fromEntries(
    columns.map(({ field, name, type, unit = '1', kind, day = 'last' }) => [
      field,
      {
        name,
        type: isDuration(type) ? 'duration' : type,
        ...(type === 'number' && { unit }),
        ...(kind && { kind }),
        ...(type !== 'text' && { day }),
      },
    ]),
  )
}
