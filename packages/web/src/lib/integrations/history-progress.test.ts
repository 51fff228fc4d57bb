import { expect, it } from 'vitest'
import { historyProgress } from './history-progress.ts'

it('measures how far history has come', () => {
  expect(historyProgress(null, '2026-11-10')).toBeNull()
  expect(historyProgress({ reached: null, from: '2026-11-01' }, '2026-11-10')).toBeNull()
  expect(historyProgress({ reached: '2026-11-06', from: '2026-11-01' }, '2026-11-10')).toMatchObject({
    complete: false,
    share: 0.5,
  })
  expect(historyProgress({ reached: '2026-11-01', from: '2026-11-01' }, '2026-11-10')).toMatchObject({
    complete: true,
    share: 1,
  })
})
