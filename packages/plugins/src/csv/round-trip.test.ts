import { isAscii, isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvFormat } from './csv-format.ts'
import { dateFormats } from './date-formats.ts'
import { type CsvColumn, decimals, delimiters } from './mapping.ts'
import { nameFields } from './name-fields.ts'
import { arrive, recordsOf } from './testing/read-file.ts'
import { writeDate, writeNumber, writeTable, type Writing } from './testing/write-table.ts'

const writing: fc.Arbitrary<Writing> = fc
  .record({
    delimiter: fc.constantFrom(...delimiters),
    decimal: fc.constantFrom(...decimals),
    dateFormat: fc.constantFrom(...dateFormats.filter((format) => !format.startsWith('unix'))),
    group: fc.constantFrom('', 'sign', "'", '’', ' ', '\u00a0', '\u2009', '\u202f'),
    quoteAll: fc.boolean(),
    newLine: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
    encoding: fc.constantFrom(
      'utf-8' as const,
      'utf-8 with mark' as const,
      'utf-16le' as const,
      'utf-16be' as const,
      'windows-1252' as const,
    ),
  })
  .map((how) => ({ ...how, group: how.group === 'sign' ? (how.decimal === ',' ? '.' : ',') : how.group }))
  .filter(({ encoding, group }) => encoding !== 'windows-1252' || !/[\u2009\u202f’]/.test(group))

const letters = (encoding: Writing['encoding']): fc.Arbitrary<string> =>
  fc.string({
    maxLength: 12,
    unit: fc.constantFrom(
      ...['a', '7', '"', ',', ';', '\t', '|', ' ', '\n', '\r\n', 'ä', 'ß', '€', "'", '='],
      ...(encoding === 'windows-1252' ? [] : ['漢', '🌊', 'é', '\u0308']),
    ),
  })

interface Cell {
  text: string
  value: string | number
}

type Type = Exclude<CsvColumn['type'], 'stopwatch'>

function cells(type: Type, how: Writing): fc.Arbitrary<Cell> {
  if (type === 'text')
    return letters(how.encoding).map((rest) => {
      const text = `x${rest}`.trim()
      return { text, value: text.replaceAll('\r\n', '\n') }
    })
  if (type === 'number')
    return fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat({ max: 3 })).map(([whole, digits]) => {
      const value = Number((whole / 10 ** digits).toFixed(digits)) + 0
      return { text: writeNumber(value, digits, how), value }
    })
  const [limit, unit] = type === 'duration' ? [40 * 60, 60] : [24 * 60 - 1, 1]
  return fc.nat({ max: limit }).map((minutes) => ({
    text: `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`,
    value: minutes * unit,
  }))
}

/** A cell without which the decimal sign could not be told. */
const telling: Record<Type, (how: Writing) => Cell> = {
  number: ({ decimal }) => ({ text: `71${decimal}5`, value: 71.5 }),
  text: () => ({ text: 'x', value: 'x' }),
  duration: () => ({ text: '0:30', value: 1800 }),
  time: () => ({ text: '0:30', value: 30 }),
}

const table = writing.chain((how) =>
  fc.record({
    how: fc.constant(how),
    dateAt: fc.nat({ max: 4 }),
    dateName: fc.constantFrom('Date', 'Datum', 'when', 'x'),
    clock: fc.constantFrom('none', 'local', 'offset'),
    columns: fc
      .array(
        fc.record({
          type: fc.constantFrom('number' as const, 'text' as const, 'duration' as const, 'time' as const),
          name: letters(how.encoding),
        }),
        { minLength: 1, maxLength: 5 },
      )
      .chain((columns) =>
        fc.record({
          columns: fc.constant(columns),
          rows: fc.array(
            fc.record({
              day: fc.nat({ max: 28_000 }),
              minute: fc.nat({ max: 1439 }),
              kind: fc.constantFrom('good', 'good', 'good', 'bad', 'empty'),
              cells: fc.tuple(...columns.map(({ type }) => fc.option(cells(type, how)))),
            }),
            { maxLength: 12 },
          ),
        }),
      ),
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
  }),
)

test('any table in any writing is guessed or asked about, and read back exactly as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ how, columns: content, dateAt, dateName, clock, sizes }) => {
      const timed = clock !== 'none'
      const offset = clock === 'offset' ? 90 : 0
      const names = content.columns.map(({ type, name }, at) =>
        `${type === 'duration' ? 'Sleep' : 'c'}${at}${name}`.trim(),
      )
      const labels = names.map((name) => name.replace(/\s+/g, ' '))
      const ids = nameFields(labels)
      const at = Math.min(dateAt, names.length)

      const first = {
        day: 24,
        minute: 1,
        kind: 'good',
        cells: content.columns.map(({ type }) => telling[type](how)),
      }
      const good = content.rows.filter(({ kind }) => kind === 'good').length
      const rows = [first, ...content.rows].map((row) =>
        // Where most rows are bad, it is right not to guess them.
        row.kind === 'bad' && good < content.rows.length / 2 ? { ...row, kind: 'empty' } : row,
      )
      const written = [names.toSpliced(at, 0, dateName)]
      const expected: unknown[] = []
      let line = 1 + breaks(names)
      for (const { day, minute, kind, cells } of rows) {
        line += 1
        if (kind === 'empty') {
          written.push([''])
          continue
        }
        const date = new Date(Date.UTC(1990, 0, 1 + day)).toISOString().slice(0, 10)
        const clockText = `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`
        const when = kind === 'bad' ? '2024-02-30' : writeDate(date, how.dateFormat)
        const zone = clock === 'offset' ? '+01:30' : ''
        const texts = cells.map((cell) => cell?.text ?? '')
        written.push(texts.toSpliced(at, 0, timed ? `${when} ${clockText}${zone}` : when))
        const values = cells.flatMap((cell, column) =>
          cell === null ? [] : [{ field: ids[column]!, value: cell.value }],
        )
        if (kind === 'bad') expected.push({ line, reason: expect.stringContaining('is no date like') })
        else if (timed) {
          const start = Date.parse(`${date}T${clockText}Z`) - offset * 60_000
          for (const { field, value } of values)
            if (typeof value === 'number') expected.push({ field, start, value })
        } else if (values.length > 0)
          expected.push({
            date,
            fields: Object.fromEntries(values.map(({ field, value }) => [field, value])),
          })
        line += breaks(texts)
      }

      const bytes = writeTable(written, how)
      // "ß€" as Windows writes it is another letter in UTF-8: nobody could tell.
      fc.pre(how.encoding !== 'windows-1252' || isAscii(bytes) || !isUtf8(bytes))
      const offered = content.columns.flatMap(({ type }, column) =>
        timed && type === 'text' ? [] : [{ type, column: labels[column]!, field: ids[column]! }],
      )
      if (offered.length === 0) {
        expect(() => csvFormat.guess(bytes)).toThrow('No column beside the dates has values')
        return
      }
      fc.pre(offered.some(({ type }) => type !== 'text'))
      const { mapping: guessed, questions, preview } = csvFormat.guess(bytes)
      const answers = ['time', 'duration', how.dateFormat, how.decimal]
      // Every number is a value here, also one that elsewhere says that there is none.
      const open = questions.filter(({ choices }) => choices.every(({ value }) => value !== 'none'))
      for (const { choices, column } of open) {
        const right = offered.find((one) => one.column === column)?.type ?? how.dateFormat
        expect(choices.map(({ value }) => value)).toContain(answers.includes(right) ? right : how.decimal)
      }
      const asked = open.map(({ column }) => column)
      const columns = offered.map((one) => {
        const candidate = preview.candidates.columns.find(({ column }) => column === one.column)!
        if (!asked.includes(one.column)) expect(candidate.type).toBe(one.type)
        return { ...candidate, ...(candidate.noValue && { noValue: '' }), type: one.type }
      })
      const mapping = { ...guessed, columns }
      expect(mapping).toMatchObject({
        delimiter: how.delimiter,
        dateColumn: dateName,
        dateFormat: how.dateFormat,
        columns: offered,
        ...(offered.some(({ type }) => type === 'number') && { decimal: how.decimal }),
      })
      const records = recordsOf(csvFormat.mapFile(arrive(bytes, sizes), mapping, { zone: 'UTC' }))
      expect(await Array.fromAsync(records)).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})

function breaks(texts: readonly string[]): number {
  return texts.join('').split('\n').length - 1
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
