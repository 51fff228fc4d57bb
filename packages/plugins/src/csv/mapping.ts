import { type DayRule, type FieldKind, kindFault, kinds, type StandardSchema } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { dateFormats } from './date-formats.ts'

/** What may stand between two cells. */
export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

export const decimals = ['.', ','] as const
export type Decimal = (typeof decimals)[number]

/** The units of plain numbers in a duration column, in seconds. */
export const durationUnits: Record<string, number> = { s: 1, min: 60, h: 3600 }

/**
 * What the cells of a column are. Of `1:05`, a `time` is five past one, a `duration` an hour and five minutes, and a
 * `stopwatch` a minute and five seconds; `1:05:09` is the same in the last two.
 */
export const columnTypes = ['number', 'duration', 'stopwatch', 'time', 'text'] as const
export type ColumnType = (typeof columnTypes)[number]

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
    type: z.enum(columnTypes),
    /** UCUM; of a duration, what its plain numbers count: `s`, `min` or `h`. Without it they are no durations. */
    unit: z.string().min(1).optional(),
    /** The unit as it stands in each cell, e.g. `kg` in `71.5 kg`. Cells with another unit or with none are rejected. */
    unitText: z.string().min(1).max(40).optional(),
    /** A cell that says that there is no value, such as `-1`. */
    noValue: z.string().max(40).optional(),
    kind: z.enum(Object.keys(kinds) as FieldKind[]).optional(),
    /** How the rows of a day become its value; default `last`. */
    day: z.enum(Object.keys(dayRules) as DayRule[]).optional(),
  })
  .refine(({ type, unit = 's' }) => !isDuration(type) || Object.hasOwn(durationUnits, unit), {
    path: ['unit'],
    error: 'A duration is counted in s, min or h.',
  })
  .superRefine(({ column, kind, type, unit }, context) => {
    const fault = kindFault({ kind, type: isDuration(type) ? 'duration' : type, unit })
    if (fault !== undefined)
      context.addIssue({ code: 'custom', path: ['kind'], message: `“${column}” ${fault}.` })
  })

const schema = z.strictObject({
  delimiter: z.enum(delimiters),
  decimal: z.enum(decimals),
  dateColumn: z.string().min(1),
  dateFormat: z.enum(dateFormats),
  /** The column with the time of day of each row, where the dates have none. */
  timeColumn: z.string().min(1).optional(),
  /** The IANA time zone of the times in the file; default: the person's. */
  zone: z.string().max(100).refine(isZone, 'There is no such time zone.').optional(),
  /** The rows are of whole days: the times of their dates are left out. */
  wholeDays: z.boolean().optional(),
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

/** The parts of a mapping that a person sets before the rest is guessed. */
export const givenMapping = schema
  .pick({ delimiter: true, decimal: true, dateColumn: true, dateFormat: true })
  .extend({ timeColumn: z.string().nullable() })
  .partial()
export type GivenMapping = z.infer<typeof givenMapping>

/** Whether cells of a type are read as seconds. */
export function isDuration(type: ColumnType): type is 'duration' | 'stopwatch' {
  return type === 'duration' || type === 'stopwatch'
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
