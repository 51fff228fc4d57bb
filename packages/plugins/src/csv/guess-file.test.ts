import { ImportError } from '@tributary/plugin-sdk'
import { describe, expect, test } from 'vitest'
import { guessFile } from './guess-file.ts'
import { csvMapping } from './mapping.ts'

const guess = (text: string) => guessFile(Buffer.from(text)).mapping
const ask = (text: string) =>
  guessFile(Buffer.from(text)).questions.map(({ column, choices }) => [
    column,
    ...choices.map(({ example }) => example),
  ])
const days = (text: string) => Object.fromEntries(guess(text).columns.map(({ column, day }) => [column, day]))
const types = (text: string) =>
  Object.fromEntries(guess(text).columns.map(({ column, type }) => [column, type]))
const said = (bytes: Uint8Array | string): string => {
  try {
    guessFile(Buffer.from(bytes as string))
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
      { column: 'Schritte', field: 'Schritte', name: 'Schritte', type: 'number', unit: '1', day: 'sum' },
      {
        column: 'Gewicht (kg)',
        field: 'Gewicht_kg',
        name: 'Gewicht',
        type: 'number',
        unit: 'kg',
        day: 'last',
      },
      { column: 'Schlafdauer', field: 'Schlafdauer', name: 'Schlafdauer', type: 'duration', day: 'sum' },
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
    ['so it does between hyphens', '05-06-2026,1\n06-13-2026,2', 'MM-DD-YYYY'],
    ['and where the day stands first', '05-06-2026,1\n13-06-2026,2', 'DD-MM-YYYY'],
    ['dots put the day first', '5.6.2026,1', 'DD.MM.YYYY'],
    ['unless no date is one then', '5.16.2026,1', 'MM.DD.YYYY'],
    ['dots and spaces', '5. 6. 2026 7:30,1', 'DD.MM.YYYY'],
    ['a year in front', '2026/6/5,1', 'YYYY/MM/DD'],
    ['a year of two digits between dots', '5.6.26,1', 'DD.MM.YY'],
    ['a year of two digits after a day past the twelfth', '13/6/26,1\n14/6/26,1', 'DD/MM/YY'],
    ['digits alone', '20260605,1', 'YYYYMMDD'],
    [
      'the name of a month',
      '5 Jun 2026,1\n15-Sep-2026,1\n1. März 2026,1\n3 de enero de 2026,1',
      'DD MMM YYYY',
    ],
    ['the name of a month in front', '"Jun 5, 2026 7:48 AM",1\n"Friday, August 21st, 2026",1', 'MMM DD YYYY'],
    ['the name of a month and a year of two digits', '5-Jun-26,1\n1-Aug-26,1', 'DD MMM YY'],
    ['seconds since 1970', '1780617600,1', 'unix-seconds'],
    ['milliseconds since 1970', '1780617600123,1', 'unix-milliseconds'],
  ])('%s', (_, rows, format) => {
    expect(guess(`Date,x\n${rows}\n`).dateFormat).toBe(format)
    expect(ask(`Date,x\n${rows}\n`)).toEqual([])
  })

  test.each([
    ['05/06/2026,1\n07/08/2026,2', '05/06/2026 is 6 May 2026', '05/06/2026 is 5 June 2026'],
    ['05/06/2026,"1,5"', '05/06/2026 is 5 June 2026', '05/06/2026 is 6 May 2026'],
    ['5-6-2026 7:30,1', '5-6-2026 7:30 is 6 May 2026', '5-6-2026 7:30 is 5 June 2026'],
    ['05/06/07,1', '05/06/07 is 6 May 2007', '05/06/07 is 5 June 2007', '05/06/07 is 7 June 2005'],
    ['21-06-07,1', '21-06-07 is 21 June 2007', '21-06-07 is 7 June 2021'],
  ])('%s is asked', (rows, ...examples) => {
    expect(ask(`Date,x\n${rows}\n`)).toEqual([['Date', ...examples]])
  })

  test('an answer is what it sets in the mapping, and the guess is the first', () => {
    const { mapping, questions } = guessFile(Buffer.from('Date,x\n05/06/2026,1\n'))
    expect(questions).toEqual([
      {
        column: 'Date',
        question: 'Which day is "05/06/2026" in “Date”?',
        choices: [
          {
            value: 'MM/DD/YYYY',
            example: expect.any(String) as string,
            set: { '/dateFormat': 'MM/DD/YYYY' },
          },
          {
            value: 'DD/MM/YYYY',
            example: expect.any(String) as string,
            set: { '/dateFormat': 'DD/MM/YYYY' },
          },
        ],
      },
    ])
    expect(mapping.dateFormat).toBe('MM/DD/YYYY')
  })

  test('a day that is the same in each order leaves nothing to ask', () => {
    expect(ask('Date,x\n06/06/2026,1\n')).toEqual([])
  })

  test('dates in several ways are refused', () => {
    expect(said('Date,x\n2026-06-05,1\n06.06.2026,1\n2026-06-07,1\n')).toMatch(
      'written in several ways, such as "2026-06-05" and "06.06.2026"',
    )
    expect(said('Date,x\n06/13/2026,1\n13/06/2026,1\n06/14/2026,1\n14/06/2026,1\n')).toMatch('several ways')
  })

  test('times that are all midnight are those of whole days', () => {
    expect(guess('day,x\n2026-06-05 00:00:00.000,1\n')).toMatchObject({ wholeDays: true })
    expect(guess('day,x\n2026-06-05 00:00,1\n2026-06-05 00:01,1\n').wholeDays).toBeUndefined()
  })
})

describe('the time of day in a column of its own', () => {
  test.each(['07:30', '7:30 PM', '21:30:15', '07:30:00'])('%s belongs to the date', (cell) => {
    const mapping = guess(`Date,Time,Pulse\n2026-06-05,${cell},61\n2026-06-06,08:15,60\n`)
    expect(mapping).toMatchObject({ dateColumn: 'Date', timeColumn: 'Time', columns: [{ column: 'Pulse' }] })
  })
  test.each(['8', '8 AM'])('an hour alone is one: %s', (cell) => {
    expect(guess(`Date,Hour,Steps\n2026-06-05,${cell},61\n`)).toMatchObject({ timeColumn: 'Hour' })
  })
  test('a start dates the row, and its end is no value', () => {
    expect(guess('Date,Start,End,Steps\n2026-06-05,07:30,08:15,500\n')).toMatchObject({
      timeColumn: 'Start',
      columns: [{ column: 'Steps' }],
    })
    expect(types('Date,Exported at,Steps\n2026-06-05,2026-07-01,5\n')).toEqual({ Steps: 'number' })
    expect(guess('end_time,start_time,steps\n2026-06-05 08:15,2026-06-05 07:30,500\n')).toMatchObject({
      dateColumn: 'start_time',
      columns: [{ column: 'steps' }],
    })
  })
  test('the time that a run took is none', () => {
    expect(types('Date,Distance (km),Time\n2026-06-05,10.1,0:59:30\n2026-06-06,11,1:05:09\n')).toEqual({
      'Distance (km)': 'number',
      Time: 'duration',
    })
  })
  test('a bed time is a value', () => {
    expect(types('Date,Bed time\n2026-06-05,23:30\n')).toEqual({ 'Bed time': 'time' })
  })
})

describe('the decimal sign', () => {
  test.each([
    [',', '"7,5"', 'a comma that groups no thousands'],
    ['.', '7.5', 'a point that groups no thousands'],
    ['.', '"1,234.5"', 'a comma before a point'],
    [',', '"1.234,5"', 'a point before a comma'],
    ['.', '0.125', 'a zero is no thousand'],
    ['.', '71.2500', 'four digits are no thousands'],
    [',', '1.234.567', 'two points'],
    [',', '"71,5 kg"', 'a number with a unit'],
  ])('is %s in %s: %s', (decimal, cell) => {
    expect(guess(`Date,x\n2026-01-31,${cell}\n`).decimal).toBe(decimal)
    expect(ask(`Date,x\n2026-01-31,${cell}\n`)).toEqual([])
  })
  test('is decided by another column', () => {
    expect(guess('Date,a,b\n2026-01-31,71.250,7.5\n').decimal).toBe('.')
    expect(ask('Date,a,b\n2026-01-31,71.250,7.5\n')).toEqual([])
  })
  test.each([
    ['Date;x\n2026-01-31;8.421\n', '8.421 is 8.421', '8.421 is 8421'],
    ['Tag;x\n31.01.2026;8.421\n', '8.421 is 8421', '8.421 is 8.421'],
    ['Date,x\n2026-01-31,"1,234 kg"\n', '1,234 is 1234', '1,234 is 1.234'],
    ['Date;x;y\n2026-01-31;8.421;7,5\n2026-02-01;1.250;7.5\n', '8.421 is 8.421', '8.421 is 8421'],
  ])('is asked where nothing decides: %j', (text, ...examples) => {
    expect(ask(text)).toEqual([['x', ...examples]])
  })
  test('is of no weight where all numbers are whole', () => {
    expect(ask('Date;x\n2026-01-31;1234\n')).toEqual([])
  })
})

test('types are told from the cells and the name, by what most cells are', () => {
  const header = 'Date,Sleep,Sleep start,Coding,Woke up,Mood,Steps,Ride,Nap,Walk\n'
  const rows =
    '2026-01-31,6:41,23:10,30:15,7:02:30,good,12,1:05:09,45 min,PT1H30M\n2026-02-01,7:00,22:58,2:15:00,6:40,"fine, really",x,0:59:00,1h 5m,PT45M\n'
  expect(types(`${header}${rows}2026-02-02,,,,,,14,,,\n`)).toEqual({
    Sleep: 'duration',
    'Sleep start': 'time',
    Coding: 'stopwatch',
    'Woke up': 'time',
    Mood: 'text',
    Steps: 'number',
    Ride: 'duration',
    Nap: 'duration',
    Walk: 'duration',
  })
  expect(ask(`${header}${rows}`)).toEqual([])
})

test.each([
  ['Plank', '1:05', ['time', 'duration', 'stopwatch']],
  ['Duration', '1:05', ['duration', 'stopwatch']],
  ['Coding', '30:15', ['duration', 'stopwatch']],
  ['Sauna', '07:30:00', ['time', 'duration']],
])('what %s of %s is can be several things, and is asked', (name, cell, values) => {
  const { mapping, questions } = guessFile(Buffer.from(`Date,${name}\n2026-01-31,${cell}\n`))
  expect(questions.map(({ choices }) => choices.map(({ value }) => value))).toEqual([values])
  expect(mapping.columns[0]?.type).toBe(values[0])
  expect(questions[0]?.choices.at(-1)?.set).toMatchObject({ '/columns/0/type': values.at(-1) })
})

test('a unit is taken from the name or the cells, and cells with several are asked about', () => {
  const columns = guess(
    'Date,Weight,Fat,distance_km,Sugar [mg/dL],Pulse\n2026-01-31,71.5 kg,18 %,5,90,61 bpm\n2026-02-01,71.2kg,17.9%,6,91,60bpm\n',
  ).columns
  expect(columns.map(({ name, unit, unitText }) => [name, unit, unitText])).toEqual([
    ['Weight', 'kg', 'kg'],
    ['Fat', '%', '%'],
    ['distance_km', 'km', undefined],
    ['Sugar', 'mg/dL', undefined],
    ['Pulse', '/min', 'bpm'],
  ])
  expect(guess('Date,Spent\n2026-01-31,€ 5.20\n').columns[0]).toMatchObject({ unit: '{EUR}', day: 'sum' })
  const mixed = guessFile(Buffer.from('Date,Weight\n2026-01-31,71.5 kg\n2026-02-01,157 lb\n'))
  expect(mixed.questions[0]?.choices.map(({ value }) => value)).toEqual(['kg', '[lb_av]'])
})

test('counts and amounts of a day are summed, levels averaged, a body’s measures are its last', () => {
  const rules = (names: string, row: string) => days(`Date,${names}\n2026-01-31,${row}\n2026-01-31,${row}\n`)
  expect(
    rules(
      'Steps,Schritte,Coffee,Distance (km),Calories,Water (ml),Push-ups,Sleep,Carbs (g)',
      '5,5,5,5,5,5,5,1h,5',
    ),
  ).toEqual({
    Steps: 'sum',
    Schritte: 'sum',
    Coffee: 'sum',
    'Distance (km)': 'sum',
    Calories: 'sum',
    'Water (ml)': 'sum',
    'Push-ups': 'sum',
    Sleep: 'sum',
    'Carbs (g)': 'sum',
  })
  expect(
    rules(
      'heartRate,Puls,Temperature,SpO2 (%),Systolic (mmHg),Mood,Weight,Gewicht (kg),Max HR,Avg steps,Pace,Glow',
      '5,5,5,5,5,5,5,5,5,5,5:10,5',
    ),
  ).toEqual({
    heartRate: 'mean',
    Puls: 'mean',
    Temperature: 'mean',
    'SpO2 (%)': 'mean',
    'Systolic (mmHg)': 'mean',
    Mood: 'mean',
    Weight: 'last',
    'Gewicht (kg)': 'last',
    'Max HR': 'max',
    'Avg steps': 'mean',
    Pace: 'mean',
    Glow: 'last',
  })
  expect(days('Date,Fat,Protein\n2026-01-31,1,1\n').Fat).toBe('sum')
  expect(days('Date,Fat,Weight\n2026-01-31,1,1\n').Fat).toBe('mean')
})

test('words are offered only where a day is one row, and what is about the record never is', () => {
  expect(types('Time,Pulse,Note\n2026-01-31T07:30:00Z,61,ok\n')).toEqual({ Pulse: 'number' })
  expect(types('Date,kcal,Meal\n2026-01-31,400,Lunch\n2026-01-31,500,Dinner\n')).toEqual({ kcal: 'number' })
  const row = (day: number) =>
    `2026-01-0${day},${day},6310001,b${day}54de9e-91a6-4f68-a8c8-9c7b1a4d2f0e,app,1.2\n`
  const header = 'Date,Steps,Account,datauuid,Unit,app version\n'
  const { mapping, preview } = guessFile(Buffer.from(header + row(1) + row(2) + row(3)))
  expect(mapping.columns.map(({ column }) => column)).toEqual(['Steps'])
  expect(preview.candidates.columns.map(({ column }) => column)).toEqual(header.trim().split(',').slice(1))
})

describe('the header', () => {
  test.each([
    ['a title', 'Steps of Ada\n'],
    ['a title with cells', 'org.example.steps,5021,3\n'],
    ['a title with a date of its own', 'Report,made on,2026-02-01 10:00,by,Ada\n'],
    ['comments', '# made by an app, 2026\n# on a Sunday\n'],
    ['the separator', 'sep=,\n'],
    ['empty lines', '\n \n,,\n'],
  ])('is found below %s', (_, above) => {
    const text = `${above}Date,Steps\n2026-01-31,7\n2026-02-01,8\n`
    expect(guess(text)).toMatchObject({ dateColumn: 'Date', columns: [{ column: 'Steps' }] })
  })
  test('may be a comment itself', () => {
    expect(guess('#Date,Steps\n2026-01-31,7\n')).toMatchObject({ dateColumn: '#Date' })
  })
  test('is not a row of values, though its date cannot be read', () => {
    expect(guess('Date,Steps,Note\nunknown,7,x\n2026-01-31,7,x\n2026-02-01,7,x\n')).toMatchObject({
      dateColumn: 'Date',
    })
    expect(guess('when,Mood\n2026-01-30,good\nlater,fine\n2026-01-31,good\n')).toMatchObject({
      dateColumn: 'when',
    })
  })
})

test('a beginning that ends within a row or a character is enough', () => {
  const row = '2026-01-31;7,5;"schön\n""ja"""\n'
  const bytes = Buffer.from(`Date;x;Wörter\n${row.repeat(10_000)}`)
  for (let cut = 0; cut < row.length + 4; cut += 5)
    expect(guessFile(bytes.subarray(0, 256 * 1024 + cut)).preview.candidates).toMatchObject({
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
  expect(said('Date,Weight\n2026-01-31,71,5\n2026-02-01,71,2\n')).toMatch(
    'more cells than the header has names',
  )
  expect(said('Date,Type,Value\n2026-01-31,weight,71\n2026-01-31,steps,7000\n')).toMatch('save each kind')
  expect(said('Body\nDate,Weight\n2026-01-31,71\n\nSleep\nDate,Hours\n2026-01-31,7\n')).toMatch(
    'several tables',
  )
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
