import { type DayRule, type FieldKind, kindFault, kinds, type StandardSchema } from '@tributary/plugin-sdk'
import { z } from 'zod'

/** What may stand between two cells. */
export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

export const decimals = ['.', ','] as const
export type Decimal = (typeof decimals)[number]

/** How a day is written; with separators, days and months may have one digit. A time of day may follow each. */
export const dateFormats = [
  'YYYY-MM-DD',
  'DD.MM.YYYY',
  'MM/DD/YYYY',
  'DD/MM/YYYY',
  'YYYY/MM/DD',
  'DD-MM-YYYY',
  'YYYYMMDD',
] as const
export type DateFormat = (typeof dateFormats)[number]

/** The units of plain numbers in a duration column, in seconds. */
export const durationUnits: Record<string, number> = { s: 1, min: 60, h: 3600 }

const dayRules: Record<DayRule, true> = {
  sum: true,
  mean: true,
  min: true,
  max: true,
  first: true,
  last: true,
  start: true,
  end: true,
  duration: true,
}

/** Of a field’s id: an index of the database takes no much longer keys. */
export const longestName = 200

const column = z
  .strictObject({
    /** The column's name in the file; the second of a name is `NAME (2)`. */
    column: z.string().min(1),
    field: z
      .string()
      .max(longestName, `A field’s id has at most ${longestName} letters.`)
      .regex(/^[\p{L}\p{M}\p{N}_]+$/u, 'A field’s id has letters, digits and underscores.'),
    name: z.string().min(1),
    type: z.enum(['number', 'duration', 'time', 'text']),
    /** UCUM; of a `duration`, what its plain numbers count: `s` (the default), `min` or `h`. */
    unit: z.string().min(1).optional(),
    kind: z.enum(Object.keys(kinds) as FieldKind[]).optional(),
    /** How the rows of a day become its value, where rows have a time of day; default `last`. */
    day: z.enum(Object.keys(dayRules) as DayRule[]).optional(),
  })
  .refine(({ type, unit = 's' }) => type !== 'duration' || Object.hasOwn(durationUnits, unit), {
    path: ['unit'],
    error: 'A duration is counted in s, min or h.',
  })
  .superRefine(({ column, kind, type, unit }, context) => {
    const fault = kindFault({ kind, type, unit })
    if (fault !== undefined)
      context.addIssue({ code: 'custom', path: ['kind'], message: `“${column}” ${fault}.` })
  })

const schema = z.strictObject({
  delimiter: z.enum(delimiters),
  decimal: z.enum(decimals),
  dateColumn: z.string().min(1),
  dateFormat: z.enum(dateFormats),
  columns: z
    .array(column)
    .min(1, 'Choose at least one column.')
    .refine((columns) => new Set(columns.map(({ field }) => field)).size === columns.length, {
      error: 'Two columns have the same field.',
    }),
})

/** How one user's CSV file is read. */
export type CsvMapping = z.infer<typeof schema>
export type CsvColumn = CsvMapping['columns'][number]

export const csvMapping: StandardSchema<CsvMapping> & typeof schema = schema
