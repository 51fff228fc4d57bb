import { expect, test } from 'vitest'
import { fileKind } from './file-kind.ts'
import { guessFile } from './guess-file.ts'
import type { CsvMapping } from './mapping.ts'
import { readFile } from './testing/read-file.ts'

const guess = (text: string) => guessFile(Buffer.from(text)).mapping

test('a cell of minutes beside hours is a duration, and what all rows of a moment repeat is not summed', () => {
  const sets = [
    'Date,Duration,Lift,Reps',
    '2026-11-02 07:00:00,48m,Row,10',
    '2026-11-02 07:00:00,48m,Row,8',
    '2026-11-03 18:30:00,1h 12m,Press,5',
    '2026-11-03 18:30:00,1h 12m,Press,4',
  ]
  const { columns } = guess(sets.join('\n'))
  expect(columns.find(({ column }) => column === 'Duration')).toMatchObject({ type: 'duration', day: 'last' })
  expect(columns.find(({ column }) => column === 'Reps')).toMatchObject({ type: 'number', day: 'sum' })
  const climb = guess('Date,Ascent\n2026-11-02,48m\n2026-11-03,112m\n')
  expect(climb.columns).toMatchObject([{ type: 'number', unit: 'm' }])
})

test('a header that comes again with other columns begins another table', () => {
  const nights = [
    'Id,Zone,From,Hours,22:10',
    '1,UTC,2026-11-02,7.5,0.3',
    'Id,Zone,From,Hours,23:40',
    '2,UTC,2026-11-03,8,0.1',
  ]
  expect(() => guess(nights.join('\n'))).toThrow('several tables')
})

test('the lowest and the mean of a level are no counts', () => {
  const { columns } = guess('Date,respMin,respMax,asleepAvg7\n2026-11-02,12,18,7.5\n2026-11-03,13,19,7.25\n')
  expect(columns.map(({ day }) => day)).toEqual(['min', 'max', 'mean'])
})

const table = (...rows: string[]) => `${rows.join('\n')}\n`
const ask = (text: string) => guessFile(Buffer.from(text))
const dayOf = (text: string) =>
  Object.fromEntries(guess(text).columns.map(({ column, day }) => [column, day]))

test('a night belongs to the day on which it ends', async () => {
  const nights = table(
    'Start;End;Asleep',
    '2026-11-02 23:50;2026-11-03 07:00;6h 30m',
    '2026-11-04 00:40;2026-11-04 08:00;7h',
    '2026-11-04 23:10;2026-11-05 06:30;7h 5m',
  )
  expect(ask(nights)).toMatchObject({ mapping: { dateColumn: 'End' }, questions: [] })
  expect(await readFile(nights)).toMatchObject([
    { start: Date.parse('2026-11-03T07:00Z') },
    { start: Date.parse('2026-11-04T08:00Z') },
    { start: Date.parse('2026-11-05T06:30Z') },
  ])
  const rides = table(
    'Start;End;Distance',
    '2026-11-02 23:50;2026-11-03 00:20;6',
    '2026-11-04 10:00;2026-11-04 11:00;7',
  )
  expect(guess(rides).dateColumn).toBe('Start')
  const sameDay = table(
    'From,To,Sleep',
    '2026-11-02 01:00,2026-11-02 07:00,6',
    '2026-11-03 01:10,2026-11-03 08:00,7',
  )
  expect(guess(sameDay).dateColumn).toBe('From')
})

test('several columns that say different days of a night are a question', () => {
  const { mapping, questions } = ask(
    table(
      'Evening Of,Bedtime,Wake Time,Export Date,In Bed',
      'Nov 2 2026,2026-11-02 23:30,2026-11-03 07:00,2026-11-20,7.5',
      'Nov 4 2026,2026-11-05 00:30,2026-11-05 08:00,2026-11-20,7.5',
    ),
  )
  expect(mapping.dateColumn).toBe('Wake Time')
  expect(questions).toMatchObject([
    {
      column: 'Wake Time',
      question: 'Which column says the day of a night?',
      choices: [
        { value: 'Wake Time', set: { '/dateColumn': 'Wake Time', '/dateFormat': 'YYYY-MM-DD' } },
        { value: 'Bedtime', set: { '/dateColumn': 'Bedtime', '/dateFormat': 'YYYY-MM-DD' } },
        { value: 'Evening Of', set: { '/dateColumn': 'Evening Of', '/dateFormat': 'MMM DD YYYY' } },
      ],
    },
  ])
})

test('how long somebody took to fall asleep is no time of day', () => {
  const { mapping, questions } = ask(
    table(
      'Date,fellAsleepIn,Lights Out,Up At',
      '2026-11-02,00:12:00,00:00:00,07:10',
      '2026-11-03,00:00:00,00:00:00,06:50',
    ),
  )
  expect(mapping.columns.map(({ type }) => type)).toEqual(['duration', 'time', 'time'])
  expect(questions.map(({ column, choices }) => [column, choices.map(({ value }) => value)])).toEqual([
    ['Lights Out', ['time', 'duration']],
  ])
})

test('a clock to the second is first taken for a duration, and asked about', () => {
  const typesOf = (...cells: string[]) =>
    ask(table('Date,Restful', ...cells.map((cell, at) => `2026-11-0${at + 1},${cell}`))).questions[0]?.choices
  expect(typesOf('05:47:22', '06:12:09')?.map(({ value }) => value)).toEqual(['duration', 'time'])
  expect(typesOf('05:47:00', '06:12:00')?.map(({ value }) => value)).toEqual(['time', 'duration'])
})

test('values of several things are no metric', () => {
  const habits = table(
    'HabitName,Day,Value',
    'Read,2026-11-02,20',
    'Floss,2026-11-02,1',
    'Read,2026-11-03,15',
  )
  expect(() => guess(habits)).toThrow(
    'The rows of “Value” are of several kinds, which “HabitName” names, such as "Read" and "Floss"',
  )
  const { mapping, questions } = ask(
    table(
      'Date,Exercise Name,Weight (kg),Reps',
      '2026-11-02,Row,40,10',
      '2026-11-02,Press,25,8',
      '2026-11-03,Row,42.5,9',
    ),
  )
  expect(mapping.columns.map(({ column, day }) => [column, day])).toEqual([
    ['Weight (kg)', 'max'],
    ['Reps', 'sum'],
  ])
  expect(questions).toMatchObject([
    {
      column: 'Weight (kg)',
      question: expect.stringContaining('which “Exercise Name” names, such as "Row" and "Press"'),
      choices: ['max', 'mean', 'last', 'min'].map((value) => ({ value, set: { '/columns/0/day': value } })),
    },
  ])
  const oneADay = table('Date,Exercise,Weight (kg)', '2026-11-02,Row,40', '2026-11-03,Press,25')
  expect(ask(oneADay)).toMatchObject({
    questions: [],
    mapping: { columns: [{ column: 'Exercise' }, { column: 'Weight (kg)', day: 'last' }] },
  })
})

test('what is lifted is not merged with what somebody weighs', () => {
  const weight = {
    column: 'Weight (kg)',
    field: 'Weight_kg',
    name: 'Weight',
    type: 'number',
    unit: 'kg',
  } as const
  const scale: CsvMapping = {
    delimiter: ',',
    decimal: '.',
    dateColumn: 'Date',
    dateFormat: 'YYYY-MM-DD',
    columns: [weight],
  }
  const lifts = table('Date,Exercise,Weight (kg)', '2026-11-02,Row,80', '2026-11-02,Press,75')
  const { mapping, questions } = guessFile(Buffer.from(lifts), {
    earlier: [{ fileKind: 'scale', mapping: scale }],
    samples: { Weight_kg: [79, 80.5] },
  })
  expect(mapping.columns[0]?.field).toBe('Weight_kg_2')
  expect(questions.map(({ choices }) => choices.map(({ value }) => value))).toContainEqual([
    'Weight_kg_2',
    'Weight_kg',
  ])
})

test('what each food has is added up, whatever its amount is measured in', () => {
  const diary = table(
    'Day,Food Name,Amount,Category,Energy (kcal)',
    '2026-11-02,Bread,2 slices,Bakery,210',
    '2026-11-02,Apple,1 piece,Fruit,95',
    '2026-11-03,Bread,1 slice,Bakery,105',
  )
  expect(ask(diary)).toMatchObject({
    questions: [],
    mapping: { columns: [{ column: 'Energy (kcal)', day: 'sum' }] },
  })
})

test('a number that may say that there is no value is asked about', async () => {
  const text = table('Date,Snore,Rest', '2026-11-02,-1,70', '2026-11-03,4,-2150000000', '2026-11-04,-1,72')
  const { mapping, questions } = ask(text)
  expect(questions).toMatchObject([
    {
      column: 'Snore',
      question: 'Is "-1" in “Snore” a value?',
      choices: [
        { value: 'none', set: { '/columns/0/noValue': '-1' } },
        { value: 'value', set: { '/columns/0/noValue': '' } },
      ],
    },
    {
      column: 'Rest',
      choices: [{ value: 'none', set: { '/columns/1/noValue': '-2150000000' } }, { value: 'value' }],
    },
  ])
  expect(await readFile(text, { mapping })).toEqual([
    { date: '2026-11-02', fields: { Rest: 70 } },
    { date: '2026-11-03', fields: { Snore: 4 } },
    { date: '2026-11-04', fields: { Rest: 72 } },
  ])
  const asValue = { ...mapping, columns: mapping.columns.map((column) => ({ ...column, noValue: '' })) }
  expect((await readFile(text, { mapping: asValue }))[0]).toMatchObject({ fields: { Snore: -1, Rest: 70 } })
  const below = table('Date,Temp Deviation,Mood', '2026-11-02,-1,-2', '2026-11-03,0.5,-1')
  expect(ask(below).questions).toEqual([])
})

test('a file is read as the one before it, where a mark of no value is a value too', () => {
  const text = table('Date,Snore', '2026-11-02,-1', '2026-11-03,4')
  const { mapping } = ask(text)
  const before = { ...mapping, columns: mapping.columns.map((column) => ({ ...column, noValue: '' })) }
  const { mapping: again, questions } = guessFile(Buffer.from(text), {
    earlier: [{ fileKind: fileKind(Buffer.from(text)) ?? '', mapping: before }],
  })
  expect(questions).toEqual([])
  expect(again.columns[0]?.noValue).toBe('')
})

test('small numbers below zero are no offsets from UTC', () => {
  const { columns } = guess(table('Date,Balance,UTC offset', '2026-11-02,-430,-5', '2026-11-03,-550,-5'))
  expect(columns.map(({ column }) => column)).toEqual(['Balance'])
})

test('minutes are added up, and percents are averaged, whatever they are of', () => {
  expect(dayOf('Date,Stress (min),HRV,Oxygen %\n2026-11-02,28,52,92\n2026-11-03,30,49,89\n')).toEqual({
    'Stress (min)': 'sum',
    HRV: 'mean',
    'Oxygen %': 'mean',
  })
  expect(guess('Date,Efficiency %\n2026-11-02,92\n').columns).toMatchObject([
    { name: 'Efficiency', unit: '%' },
  ])
  expect(dayOf('Date,Total sleep (ms),HRV (ms)\n2026-11-02,25200000,48\n')).toEqual({
    'Total sleep (ms)': 'sum',
    'HRV (ms)': 'mean',
  })
})

test('how long a workout took is not added up over its sets', () => {
  const sets = table('Date,Duration (sec),Reps', '2026-11-02 07:00,900,8', '2026-11-02 07:00,900,10')
  expect(dayOf(sets)).toEqual({ 'Duration (sec)': 'last', Reps: 'sum' })
})

test('the best, the highest and the mean of several are known in more languages', () => {
  expect(
    dayOf(
      'Date,Best Lap Time,Max TE,Avg7BPM,Training Load\n2026-11-02,0:05:10,3.1,61,40\n2026-11-02,0:04:50,2.2,63,55\n',
    ),
  ).toEqual({ 'Best Lap Time': 'min', 'Max TE': 'max', Avg7BPM: 'mean', 'Training Load': 'sum' })
  expect(
    dayOf(
      'Fecha,FC máxima,Potencia media,Temperatura mínima,Pasos\n2026-11-02,160,210,12,900\n2026-11-02,150,190,11,800\n',
    ),
  ).toEqual({ 'FC máxima': 'max', 'Potencia media': 'mean', 'Temperatura mínima': 'min', Pasos: 'sum' })
  expect(guess('Fecha,Ritmo medio\n2026-11-02,5:21\n').columns).toMatchObject([
    { type: 'stopwatch', day: 'mean' },
  ])
})
