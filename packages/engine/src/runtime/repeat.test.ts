import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { repeat } from './repeat.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('work that is still under way is not begun a second time, and its end frees the next turn', async () => {
  const turns: PromiseWithResolvers<null>[] = []
  const repeated = repeat(
    100,
    () => {
      const turn = Promise.withResolvers<null>()
      turns.push(turn)
      return turn.promise
    },
    () => {},
    { atOnce: true },
  )
  expect(turns).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(turns).toHaveLength(1)
  turns[0]?.resolve(null)
  await vi.advanceTimersByTimeAsync(100)
  expect(turns).toHaveLength(2)
  turns[1]?.reject(new Error('a fault'))
  await vi.advanceTimersByTimeAsync(100)
  expect(turns).toHaveLength(3)
  turns[2]?.resolve(null)
  await repeated.stop()
  await vi.advanceTimersByTimeAsync(1000)
  expect(turns).toHaveLength(3)
})
