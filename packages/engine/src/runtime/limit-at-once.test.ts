import { expect, test } from 'vitest'
import { limitAtOnce } from './limit-at-once.ts'

test('so many run at once and no more, in order, and one that fails gives its place on', async () => {
  const limit = limitAtOnce(2)
  const ends: ((fails: boolean) => void)[] = []
  const began: number[] = []
  const outcomes = Array.from({ length: 5 }, (_, at) =>
    limit(async () => {
      began.push(at)
      const fails = await new Promise<boolean>((resolve) => ends.push(resolve))
      if (fails) throw new Error(`${at} failed`)
      return at
    }),
  )
  const all = Promise.allSettled(outcomes)
  for (let at = 0; at < 5; at += 1) {
    await expect.poll(() => ends.length).toBe(Math.min(at + 2, 5))
    expect(began).toEqual([0, 1, 2, 3, 4].slice(0, at + 2))
    ends[at]?.(at === 1)
  }
  expect((await all).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
})
