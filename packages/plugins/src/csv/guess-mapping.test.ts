import { ImportError } from '@tributary/plugin-sdk'
import { describe, expect, test } from 'vitest'
import { guessMapping } from './guess-mapping.ts'
import { csvMapping } from './mapping.ts'

const guess = (text: string) => guessMapping(Buffer.from(text))
const types = (text: string) =>
  Object.fromEntries(guess(text).columns.map(({ column, type }) => [column, type]))
const said = (bytes: Uint8Array | string): string => {
  try {
    guessMapping(Buffer.from(bytes as string))
  } catch (error) {
    if (error instanceof ImportError && error.code === 'bad-record') return error.message
    throw error
  }
  return 'nothing'
}

test('a German spreadsheet is read with its separators, its decimal comma and its names', () => {
  expect(guess('\ufeffTag;Schritte;Gewicht (kg);Schlafdauer\r\n3.1.2026;12.004;80,25;7:05\r\n')).toEqual({
    delimiter: ';',
    decimal: ',',
    dateColumn: 'Tag',
    dateFormat: 'DD.MM.YYYY',
    columns: [
      { column: 'Schritte', field: 'Schritte', name: 'Schritte', type: 'number', unit: '1' },
      { column: 'Gewicht (kg)', field: 'Gewicht_kg', name: 'Gewicht', type: 'number', unit: 'kg' },
      { column: 'Schlafdauer', field: 'Schlafdauer', name: 'Schlafdauer', type: 'duration' },
    ],
  })
})

test('what is guessed is a mapping that can be kept', async () => {
  const mapping = guess('Date,Coffee cups,Coffee-cups,__\n2026-01-31,2,3,x\n')
  expect(mapping.columns.map(({ field }) => field)).toEqual(['Coffee_cups', 'Coffee_cups_2', 'column'])
  expect(await csvMapping['~standard'].validate(JSON.parse(JSON.stringify(mapping)))).toEqual({
    value: mapping,
  })
})

test('two columns of one name are two columns', () => {
  const { columns } = guess('Date,Steps,Steps,Steps (2)\n2026-01-31,1,2,3\n')
  expect(columns.map(({ column }) => column)).toEqual(['Steps', 'Steps (3)', 'Steps (2)'])
})

test('a column without a name or without a value is left out', () => {
  expect(types('Date,Steps,,Weight\n2026-01-31,1,2,\n2026-02-01,,2,n/a\n')).toEqual({ Steps: 'number' })
})

test('the line with which Excel tells its separator is not the header', () => {
  expect(guess('sep=;\nDate;Steps\n2026-01-31;1\n')).toMatchObject({ delimiter: ';', dateColumn: 'Date' })
})

describe('the date column', () => {
  test('is the one with the most dates', () => {
    expect(guess('Born,When,x\n1990-01-01,2026-01-31,1\n,2026-02-01,2\n').dateColumn).toBe('When')
  })
  test('is the one that is named so where two are full', () => {
    expect(guess('Exported,Date,x\n2026-03-01,2026-01-31,1\n').dateColumn).toBe('Date')
  })
})

describe('the date format', () => {
  test.each([
    ['a day past the twelfth decides', '05/06/2026,1\n13/06/2026,2', 'DD/MM/YYYY'],
    ['a day past the twelfth in second place decides', '05/06/2026,1\n06/13/2026,2', 'MM/DD/YYYY'],
    ['slashes that say nothing are American', '05/06/2026,1', 'MM/DD/YYYY'],
    ['slashes beside decimal commas are not', '05/06/2026,"1,5"', 'DD/MM/YYYY'],
    ['dots put the day first', '5.6.2026,1', 'DD.MM.YYYY'],
    ['a year in front', '2026/6/5,1', 'YYYY/MM/DD'],
    ['hyphens with the day first', '05-06-2026,1', 'DD-MM-YYYY'],
    ['digits alone', '20260605,1', 'YYYYMMDD'],
  ])('%s', (_, rows, format) => {
    expect(guess(`Date,x\n${rows}\n`).dateFormat).toBe(format)
  })
})

describe('the decimal sign', () => {
  test.each([
    [',', '"7,5"', 'a comma that groups no thousands'],
    ['.', '7.5', 'a point that groups no thousands'],
    ['.', '"1,234.5"', 'a comma before a point'],
    [',', '"1.234,5"', 'a point before a comma'],
    ['.', '0.125', 'a zero is no thousand'],
    ['.', '"1,234"', 'unknown, in a file with commas'],
    [',', '1.234.567', 'two points'],
  ])('is %s in %s: %s', (decimal, cell) => {
    expect(guess(`Date,x\n2026-01-31,${cell}\n`).decimal).toBe(decimal)
  })
  test('is a comma where only the semicolons tell', () => {
    expect(guess('Date;x\n2026-01-31;8.421\n').decimal).toBe(',')
  })
})

test('types are told from the cells and the name, by what most cells are', () => {
  const header = 'Date,Sleep,Sleep start,Coding,Woke up,Mood,Steps,Ride\n'
  const rows =
    '2026-01-31,6:41,23:10,30:15,7:02:30,good,12,1:05:09\n2026-02-01,7:00,22:58,2:15,6:40,"fine, really",x,0:59:00\n'
  expect(types(`${header}${rows}2026-02-02,,,,,,14,\n`)).toEqual({
    Sleep: 'duration',
    'Sleep start': 'time',
    Coding: 'duration',
    'Woke up': 'time',
    Mood: 'text',
    Steps: 'number',
    Ride: 'time',
  })
})

test('a file whose rows have a time of day offers no text, and the last row of a day counts', () => {
  expect(guess('Time,Pulse,Note\n2026-01-31T07:30:00Z,61,ok\n').columns).toEqual([
    { column: 'Pulse', field: 'Pulse', name: 'Pulse', type: 'number', unit: '1', day: 'last' },
  ])
})

test('a beginning that ends within a row or a character is enough', () => {
  const row = '2026-01-31;7,5;"schön\n""ja"""\n'
  const bytes = Buffer.from(`Date;x;Wörter\n${row.repeat(10_000)}`)
  for (let cut = 0; cut < row.length + 4; cut += 5)
    expect(guessMapping(bytes.subarray(0, 256 * 1024 + cut))).toMatchObject({
      decimal: ',',
      columns: [{ type: 'number' }, { column: 'Wörter', type: 'text' }],
    })
})

test('a file that cannot be read is refused with a sentence that says what to do', () => {
  expect(said('')).toBe('The file is empty; choose one with a header and rows.')
  expect(said('\n \n')).toMatch('The file is empty')
  expect(said('Date,Steps\n')).toMatch('no rows under its header')
  expect(said('2026-01-31,7\n2026-02-01,8\n')).toMatch('has no header')
  expect(said('1,2\n3,4\n')).toMatch('has no header')
  expect(said('Steps\n1\n2\n')).toMatch('only one column')
  expect(said('Steps,Weight\n1,2\n')).toMatch('No column holds dates')
  expect(said('Date,Steps\n2026-01-31,\n')).toMatch('No column beside the dates has values')
  expect(said('PK\u0003\u0004…xl/workbook.xml')).toBe('This is an Excel file; save it as CSV first.')
  expect(said(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]))).toBe('This is an Excel file; save it as CSV first.')
  expect(said('PK\u0003\u0004…steps.csv')).toMatch('zip file; unpack it')
  expect(said('%PDF-1.7')).toMatch('This is a PDF')
  expect(said(new Uint8Array([0x1f, 0x8b, 8]))).toMatch('compressed')
  expect(said('a,\u0000\u0001')).toMatch('no text file')
  expect(said(`Date${',x'.repeat(2000)}\n`)).toMatch('2001 columns; at most 1000')
})
