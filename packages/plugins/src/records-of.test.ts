import { isRejected } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { recordsOf } from './records-of.ts'

const weighing = z
  .object({ day: z.iso.date(), weight: z.object({ grams: z.number() }) })
  .transform(({ day, weight }) => ({ date: day, value: weight.grams }))
const list = recordsOf(weighing, ({ day }) => [day])

test('items that fit are parsed, and one that does not is rejected alone', () => {
  const odd = { day: '2026-11-02', weight: { grams: 'much' } }
  const records = list.parse([{ day: '2026-11-01', weight: { grams: 1 } }, odd])
  expect(records).toEqual([
    { date: '2026-11-01', value: 1 },
    { rejected: expect.stringMatching(/^weight\.grams: .*number/), record: odd, dates: ['2026-11-02'] },
  ])
  expect(records.map(isRejected)).toEqual([false, true])
})

test('an item whose days cannot be told is rejected without days', () => {
  const byTime = recordsOf(weighing, ({ weight }) => [weight.at.day])
  for (const item of [null, 5, 'text', [], {}])
    expect(byTime.parse([item])).toEqual([{ rejected: expect.any(String), record: item }])
})

test('a list that is not there is a fault of the page', () => {
  expect(list.safeParse(undefined).success).toBe(false)
  expect(list.safeParse({}).success).toBe(false)
})
