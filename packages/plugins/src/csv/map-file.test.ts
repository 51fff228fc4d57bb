import { expect, test } from 'vitest'
import { csvFormat } from './csv-format.ts'
import type { CsvColumn, CsvMapping } from './mapping.ts'
import { encode } from './testing/write-table.ts'
import { arrive, readFile, recordsOf } from './testing/read-file.ts'

const mapping: CsvMapping = {
  delimiter: ',',
  decimal: '.',
  dateColumn: 'Date',
  dateFormat: 'YYYY-MM-DD',
  columns: [
    { column: 'Steps', field: 'steps', name: 'Steps', type: 'number' },
    { column: 'Note', field: 'note', name: 'Note', type: 'text' },
  ],
}
const header = 'Date,Steps,Note\n'
const read = (rows: string, options: Parameters<typeof readFile>[1] = {}) =>
  readFile(header + rows, { mapping, ...options })
const day = (date: string, fields: object) => ({ date, fields })

test('an empty cell is no value, and never zero', async () => {
  expect(await read('2026-01-01,0,\n2026-01-02,,ok\n2026-01-03,n/a,-\n2026-01-04,NULL, \n')).toEqual([
    day('2026-01-01', { steps: 0 }),
    day('2026-01-02', { note: 'ok' }),
  ])
})

test('a row in which anything is bad is rejected whole, with its line and its reason', async () => {
  expect(
    await read(
      '2026-01-01,1,a\n2026-01-02,abc,b\n2026-01-03,=1+1,c\n,4,d\n02.01.2026,5,e\n2026-02-30,6,f\n2026-01-07,7,g\n',
    ),
  ).toEqual([
    day('2026-01-01', { steps: 1, note: 'a' }),
    { line: 3, reason: 'Steps: "abc" is no number' },
    { line: 4, reason: 'Steps: "=1+1" is no number' },
    { line: 5, reason: 'Date: it is empty' },
    { line: 6, reason: 'Date: "02.01.2026" is no date like YYYY-MM-DD' },
    { line: 7, reason: 'Date: "2026-02-30" is no date like YYYY-MM-DD' },
    day('2026-01-07', { steps: 7, note: 'g' }),
  ])
})

test('a row with too many cells is rejected; delimiters at its end are left out or too many', async () => {
  expect(await read('2026-01-01,1\n2026-01-02,2,b,c\n2026-01-03,3,c,,\n2026-01-04\nx\n')).toEqual([
    day('2026-01-01', { steps: 1 }),
    { line: 3, reason: 'It has 4 cells for 3 columns' },
    day('2026-01-03', { steps: 3, note: 'c' }),
    { line: 6, reason: 'Date: "x" is no date like YYYY-MM-DD' },
  ])
})

test('a header with a delimiter at its end has no column more', async () => {
  const file = 'Date,Steps,Note,,\n2026-01-01,1,a\n2026-01-02,2,b,\n'
  expect(await readFile(file, { mapping })).toHaveLength(2)
  expect(await readFile(file, { mapping })).not.toContainEqual(
    expect.objectContaining({ line: expect.anything() }),
  )
})

test('lines are counted as an editor counts them', async () => {
  const rows = '\r\n\n  \n2026-01-01,1,"two\r\nlines\n\nand more"\r\nbad,1,x\r,,\nbad,2,"a\nb"\nbad,3,y'
  expect(await readFile(`\n\n${header}${rows}`, { mapping })).toEqual([
    day('2026-01-01', { steps: 1, note: 'two\nlines\n\nand more' }),
    { line: 11, reason: 'Date: "bad" is no date like YYYY-MM-DD' },
    { line: 13, reason: 'Date: "bad" is no date like YYYY-MM-DD' },
    { line: 15, reason: 'Date: "bad" is no date like YYYY-MM-DD' },
  ])
})

test('a quote within a cell is a character, and a space before a quoted cell is none', async () => {
  expect(await read('2026-01-01,1,5" pipe\n2026-01-02, "2" ,"a"b\n2026-01-03,"3", "x, ""y"""\n')).toEqual([
    day('2026-01-01', { steps: 1, note: '5" pipe' }),
    { line: 3, reason: 'Steps: ""2"" is no number' },
    day('2026-01-03', { steps: 3, note: 'x, "y"' }),
  ])
})

test('a quote that never closes ends the reading and names its line; everything before stays', async () => {
  const before = '2026-01-01,1,a\n2026-01-02,2,"b\nb"\n'
  const broken = { line: 5, reason: 'A quote opens here and never closes: nothing after it was read' }
  const good = [day('2026-01-01', { steps: 1, note: 'a' }), day('2026-01-02', { steps: 2, note: 'b\nb' })]
  expect(await read(`${before}2026-01-03,3,"c\n2026-01-04,4,d\n`)).toEqual([...good, broken])
  const long = '2026-01-04,4,d\n'.repeat(300_000)
  expect(await read(`${before}2026-01-03,3,"c\n${long}2026-01-05,5,"e"\n`)).toEqual([...good, broken])
})

test('a row with a time of day is a measurement of each number at its instant, and its words are of that day', async () => {
  const file =
    'Date,Steps,Note\n2026-07-01 07:30,1,a\n2026-07-01T23:30:15.5Z,2,b\n2026-07-01 07:31:00 -0400,3,\n2026-07-02,4,\n'
  expect(await readFile(file, { mapping, zone: 'Europe/Berlin' })).toEqual([
    { field: 'steps', start: Date.UTC(2026, 6, 1, 5, 30), value: 1 },
    day('2026-07-01', { note: 'a' }),
    { field: 'steps', start: Date.UTC(2026, 6, 1, 23, 30, 15, 500), value: 2 },
    day('2026-07-02', { note: 'b' }),
    { field: 'steps', start: Date.UTC(2026, 6, 1, 11, 31), value: 3 },
    day('2026-07-02', { steps: 4 }),
  ])
})

test('a time of day may stand in a column of its own', async () => {
  const timed = { ...mapping, timeColumn: 'At', columns: mapping.columns.slice(0, 1) }
  const file =
    'Date,At,Steps\n2026-07-01,07:30,1\n2026-07-01 00:00,7:30 PM,2\n2026-07-01,24:00,3\n2026-07-01,7,4\n2026-07-01,,5\n2026-07-01,soon,6\n'
  expect(await readFile(file, { mapping: timed, zone: 'Europe/Berlin' })).toEqual([
    { field: 'steps', start: Date.UTC(2026, 6, 1, 5, 30), value: 1 },
    { field: 'steps', start: Date.UTC(2026, 6, 1, 17, 30), value: 2 },
    { field: 'steps', start: Date.UTC(2026, 6, 1, 22), value: 3 },
    { field: 'steps', start: Date.UTC(2026, 6, 1, 5), value: 4 },
    { line: 6, reason: 'At: it is empty' },
    { line: 7, reason: 'At: "soon" is no time of day' },
  ])
})

test('times are those of the zone that the mapping says, and of whole days no times', async () => {
  const columns = mapping.columns.slice(0, 1)
  const file = 'Date,Steps\n2026-07-01 00:00:00,1\n'
  expect(await readFile(file, { mapping: { ...mapping, columns, zone: 'UTC' }, zone: 'Asia/Tokyo' })).toEqual(
    [{ field: 'steps', start: Date.UTC(2026, 6, 1), value: 1 }],
  )
  expect(
    await readFile(file, { mapping: { ...mapping, columns, wholeDays: true }, zone: 'Asia/Tokyo' }),
  ).toEqual([day('2026-07-01', { steps: 1 })])
})

test('a time that the clock skipped is rejected', async () => {
  expect(await read('2026-03-29 02:30,1,\n2026-03-29 03:00,2,\n', { zone: 'Europe/Berlin' })).toEqual([
    { line: 2, reason: 'Date: "2026-03-29 02:30" was skipped by the clock of Europe/Berlin' },
    { field: 'steps', start: Date.UTC(2026, 2, 29, 1), value: 2 },
  ])
})

test('what stands above the header, comments and a header that comes again are no rows', async () => {
  const file = `sep=,\n# made, by "an app"\nSteps of Ada,2,3,4\n${header}2026-01-01,1,a\n# pause, until, \n#\n${header}2026-01-02,2,b\n`
  expect(await readFile(file, { mapping })).toEqual([
    day('2026-01-01', { steps: 1, note: 'a' }),
    day('2026-01-02', { steps: 2, note: 'b' }),
  ])
})

test('cells of another unit, or without the one that the others have, are rejected; a zero is the same in all', async () => {
  const columns = [{ ...mapping.columns[0]!, unit: 'kg', unitText: 'kg' }]
  const file =
    'Date,Steps\n2026-01-01,71.5 kg\n2026-01-02,71.2KG\n2026-01-03,157 lb\n2026-01-04,71\n2026-01-05,0\n'
  expect(await readFile(file, { mapping: { ...mapping, columns } })).toEqual([
    day('2026-01-01', { steps: 71.5 }),
    day('2026-01-02', { steps: 71.2 }),
    { line: 4, reason: 'Steps: "157 lb" is not in kg' },
    { line: 5, reason: 'Steps: "71" is not in kg' },
    day('2026-01-05', { steps: 0 }),
  ])
})

test('durations are seconds and times of day are minutes from midnight', async () => {
  const column = (field: string, type: CsvColumn['type'], unit?: string): CsvColumn => ({
    column: field,
    field,
    name: field,
    type,
    ...(unit && { unit }),
  })
  const columns = [
    column('a', 'duration', 's'),
    column('b', 'duration', 'min'),
    column('c', 'duration', 'h'),
    column('d', 'time'),
    column('e', 'stopwatch'),
  ]
  const file =
    'Date,a,b,c,d,e\n2026-01-01,90,90,1.5,07:30,1:05\n2026-01-02,6:41,30:00:30,0:00,11:15 pm,1:05:09\n2026-01-03,-5,,,\n2026-01-04,,,,25:00\n'
  expect(await readFile(file, { mapping: { ...mapping, columns } })).toEqual([
    day('2026-01-01', { a: 90, b: 5400, c: 5400, d: 450, e: 65 }),
    day('2026-01-02', { a: 24_060, b: 108_030, c: 0, d: 1395, e: 3909 }),
    { line: 4, reason: 'a: "-5" is no duration' },
    { line: 5, reason: 'd: "25:00" is no time of day' },
  ])
})

test('a file without a column that the mapping names is refused, as is one that is no text', async () => {
  await expect(readFile('Date,Note\n2026-01-01,a\n', { mapping })).rejects.toMatchObject({
    code: 'bad-record',
    message: 'The file has no column "Steps". Choose among its columns: "Date", "Note".',
  })
  await expect(readFile('', { mapping })).rejects.toThrow('The file is empty')
  await expect(readFile('\n\n', { mapping })).rejects.toThrow('The file has no header')
  await expect(readFile('PK\u0003\u0004xl/', { mapping })).rejects.toThrow('save it as CSV first')
})

test('every encoding reads the same, wherever the chunks are cut', async () => {
  const text = 'Datum;Größe;Wörter\n24.12.2026;1,5;"süß, ""€"""\n'
  for (const encoding of ['utf-8', 'utf-8 with mark', 'utf-16le', 'utf-16be', 'windows-1252'] as const)
    for (const size of [1, 2, 3, 5, 1000])
      expect(await readFile(encode(text, encoding), { sizes: [size] })).toEqual([
        day('2026-12-24', { Größe: 1.5, Wörter: 'süß, "€"' }),
      ])
})

test('letters that first come after the beginning of a file are decoded all the same', async () => {
  const rows = '2026-01-01,1,a\n'.repeat(20_000)
  for (const encoding of ['utf-8', 'windows-1252'] as const) {
    const records = await readFile(encode(`${header}${rows}2026-01-02,2,süß €\n`, encoding), { mapping })
    expect(records.at(-1)).toEqual(day('2026-01-02', { steps: 2, note: 'süß €' }))
  }
})

test('who stops reading closes the file, and an error of the file comes through', async () => {
  let closed = false
  async function* endless(): AsyncIterable<Uint8Array> {
    try {
      yield Buffer.from(header)
      for (;;) yield Buffer.from('2026-01-01,1,a\n'.repeat(1000))
    } finally {
      closed = true
    }
  }
  for await (const record of recordsOf(csvFormat.mapFile(endless(), mapping, { zone: 'UTC' }))) {
    expect(record).toEqual(day('2026-01-01', { steps: 1, note: 'a' }))
    break
  }
  await expect.poll(() => closed).toBe(true)

  async function* torn(): AsyncIterable<Uint8Array> {
    yield* arrive(Buffer.from(`${header}2026-01-01,1,a\n`))
    throw new Error('the disk is gone')
  }
  await expect(Array.fromAsync(csvFormat.mapFile(torn(), mapping, { zone: 'UTC' }))).rejects.toThrow(
    'the disk is gone',
  )
})
