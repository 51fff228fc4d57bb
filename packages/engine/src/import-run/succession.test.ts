import fc from 'fast-check'
import { definePlugin, oauth2 } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const source = (id: string, more: object = {}) =>
  definePlugin({
    id,
    name: id,
    description: 'For this test.',
    icon: '⌚',
    auth: oauth2({ authorizationUrl: 'https://x.example/a', tokenUrl: 'https://x.example/t', scopes: [] }),
    api: { baseUrl: 'https://x.example' },
    fields: {
      steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
      ...(id === 'old'
        ? {}
        : { floors: { name: 'Floors', type: 'number', unit: '{floors}', kind: 'floors' } }),
    },
    streams: {
      all: {
        fields: ['steps'],
        maxDaysPerRequest: 30,
        answers: 'window',
        async *fetchData() {},
        mapData: () => [],
      },
    },
    ...more,
  })

const end = '2026-03-10'
const plugins = [
  source('old', { retired: { since: end, note: 'It is gone.' }, successor: 'new' }),
  source('ring'),
  // Closes some day, and nobody knows when.
  source('closing', { successor: 'new' }),
  source('new'),
]

let tributary: TestEngine
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
})

afterAll(() => tributary.close())

beforeEach(async () => {
  userId = (await tributary.addUser(`${crypto.randomUUID()}@example.org`)).user.id
})

/** Connects sources one after the other, first to last. */
async function connect(...ids: string[]) {
  for (const [index, id] of ids.entries())
    await tributary.database.query(
      `insert into tributary.user_integrations (user_id, source_id, state, history_from, created_at)
       values ($1, $2, 'connected', '2026-01-01', $3)`,
      [userId, id, `2026-01-0${index + 1}T00:00:00Z`],
    )
}

/** Gives sources values, and merges all of them by an order of preference. */
async function merge(values: { id: string; day: string }[], order: string[] = [], field = 'steps') {
  await tributary.database.query(`delete from tributary.daily_metric_values where user_id = $1`, [userId])
  for (const { id, day } of values)
    await tributary.database.query(
      `insert into tributary.daily_metric_values (user_id, day, metric_name, source, value, basis)
       values ($1, $2, $3, $4, 1, 'daily-record')`,
      [userId, day, `${id}.${field}`, id],
    )
  await tributary.engine.plugins.prefer(userId, order)
}

async function speakers(from: string, to: string, field = 'steps') {
  const metric = `metric.${field}`
  const { days } = await tributary.engine.metrics.daily(userId, { from, to, metrics: [metric] })
  return days.map(({ sources }) => sources?.[metric] ?? null)
}

const around = [-2, -1, 0, 1, 2].map((days) => addDays(end, days))
const [first = '', , , , last = ''] = around
const everyDay = (...ids: string[]) => ids.flatMap((id) => around.map((day) => ({ id, day })))

test('a retired source speaks before its end, and its successor from that day on, before who came in between', async () => {
  await connect('old', 'ring', 'new')
  await merge(everyDay('old', 'ring', 'new'))
  expect(await speakers(first, last)).toEqual(['old', 'old', 'new', 'new', 'new'])
})

test('a successor takes no place of kinds that the retired source never had', async () => {
  await connect('old', 'ring', 'new')
  await merge(everyDay('ring', 'new'), [], 'floors')
  expect(await speakers(first, last, 'floors')).toEqual(['ring', 'ring', 'ring', 'ring', 'ring'])
})

test('without the retired source a successor has no place but its own', async () => {
  await connect('ring', 'new')
  await merge(everyDay('ring', 'new'))
  expect(await speakers(first, last)).toEqual(['ring', 'ring', 'ring', 'ring', 'ring'])
})

test('what the user prefers goes before the succession', async () => {
  await connect('old', 'ring', 'new')
  await merge(everyDay('old', 'ring', 'new'), ['old', 'new', 'ring'])
  expect(await speakers(first, last)).toEqual(['old', 'old', 'old', 'old', 'old'])
  await merge(everyDay('old', 'ring', 'new'), ['old', 'ring'])
  expect(await speakers(first, last)).toEqual(['old', 'old', 'new', 'new', 'new'])
})

test('a successor that was there first speaks on all days', async () => {
  await connect('new', 'old')
  await merge(everyDay('old', 'new'))
  expect(await speakers(first, last)).toEqual(['new', 'new', 'new', 'new', 'new'])
})

test('of two that it succeeds, the one with an end gives way on its day, and the other keeps its place while it answers', async () => {
  await connect('old', 'closing', 'new')
  await merge(everyDay('old', 'closing', 'new'))
  expect(await speakers(first, last)).toEqual(['old', 'old', 'new', 'new', 'new'])
  await merge([...everyDay('closing', 'new'), { id: 'old', day: first }])
  expect(await speakers(first, last)).toEqual(['old', 'closing', 'new', 'new', 'new'])
})

test('where the closing one was there before, it speaks until it has no day any more', async () => {
  await connect('closing', 'old', 'new')
  await merge([...everyDay('old', 'new'), ...around.slice(0, 4).map((day) => ({ id: 'closing', day }))])
  expect(await speakers(first, last)).toEqual(['closing', 'closing', 'closing', 'closing', 'new'])
})

test('a gap between the two stays one, and the seam is on the first day after it', async () => {
  await connect('old', 'new')
  await merge([
    { id: 'old', day: first },
    { id: 'new', day: last },
  ])
  expect(await speakers(first, last)).toEqual(['old', null, null, null, 'new'])
  const compared = await tributary.engine.metrics.compare(userId, {
    metric: 'metric.steps',
    from: first,
    to: last,
  })
  expect(compared).toEqual({ seams: [{ day: last, from: 'old', to: 'new' }], filled: [], comparisons: [] })
})

test('a single day that both have is compared by itself', async () => {
  await connect('old', 'new')
  await merge([
    ...around.slice(0, 3).map((day) => ({ id: 'old', day })),
    ...around.slice(2).map((day) => ({ id: 'new', day })),
  ])
  await tributary.database.query(
    `update tributary.daily_metric_values set value = 4 where user_id = $1 and metric_name = 'old.steps'`,
    [userId],
  )
  const { seams, comparisons } = await tributary.engine.metrics.compare(userId, {
    metric: 'metric.steps',
    from: first,
    to: last,
  })
  expect(seams).toEqual([{ day: end, from: 'old', to: 'new' }])
  expect(comparisons).toMatchObject([
    {
      one: 'old.steps',
      other: 'new.steps',
      days: [{ date: end, one: 4, other: 1, difference: -3 }],
      meanDifference: -3,
      meanPercent: -75,
    },
  ])
})

test('whatever days the sources have, each day has one value, of the first that has it', async () => {
  await connect('old', 'ring', 'new')
  const some = fc.subarray(around)
  await fc.assert(
    fc.asyncProperty(some, some, some, async (old, ring, next) => {
      const has: Record<string, string[]> = { old, ring, new: next }
      await merge(Object.entries(has).flatMap(([id, days]) => days.map((day) => ({ id, day }))))
      const expected = around.map((day) => {
        const order = day < end ? ['old', 'ring', 'new'] : ['new', 'old', 'ring']
        return order.find((id) => has[id]?.includes(day)) ?? null
      })
      expect(await speakers(first, last)).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})
