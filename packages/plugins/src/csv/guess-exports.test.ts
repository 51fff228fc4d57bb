import { expect, test } from 'vitest'
import { guessFile } from './guess-file.ts'

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
