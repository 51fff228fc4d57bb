import { expect, it } from 'vitest'
import { historyProgress, timeLeft } from './history-progress.ts'

const history = { reached: '2026-11-06', from: '2026-11-01', paused: false, daysLeft: 5, secondsLeft: 200 }

it('measures how far history has come', () => {
  expect(historyProgress(null, '2026-11-10')).toBeNull()
  expect(historyProgress({ ...history, reached: null }, '2026-11-10')).toBeNull()
  expect(historyProgress(history, '2026-11-10')).toMatchObject({
    complete: false,
    share: 0.5,
    left: 'about 3 minutes left',
  })
  expect(historyProgress({ ...history, reached: '2026-11-01', daysLeft: 0 }, '2026-11-10')).toMatchObject({
    complete: true,
    share: 1,
    left: null,
  })
})

it('tells no time while history is paused or its speed is not known', () => {
  expect(historyProgress({ ...history, paused: true }, '2026-11-10')).toMatchObject({
    paused: true,
    left: null,
  })
  expect(historyProgress({ ...history, secondsLeft: null }, '2026-11-10')).toMatchObject({ left: null })
})

it.each([
  [0, 'less than a minute left'],
  [59, 'less than a minute left'],
  [60, 'about 1 minute left'],
  [170, 'about 3 minutes left'],
  [3570, 'about 1 hour left'],
  [7200, 'about 2 hours left'],
  [200_000, 'about 2 days left'],
])('says of %i seconds: %s', (seconds, words) => expect(timeLeft(seconds)).toBe(words))
