import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { readTruth } from '../testing/truth.ts'

const range = { from: '2026-09-10', to: '2026-11-19' }
const switchedOff = '2026-11-02'
const [before, after] = ['fitbit', 'google-health']
/** Kinds that both have, with the field of each. */
const kinds = {
  steps: 'steps',
  'sleep-duration': 'sleepLength',
  'bed-time': 'bedTime',
  'resting-heart-rate': 'restingHeartRate',
  weight: 'weight',
}
const seam = { day: switchedOff, from: before, to: after }

let tributary: TestEngine
let ada: SignedIn
let original: Awaited<ReturnType<typeof read>>

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  for (const source of [before, after]) {
    await tributary.connect(ada, source)
    await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: range.from })
    await tributary.settled()
    if (source === before) original = await read(Object.values(kinds).map((field) => `${before}.${field}`))
  }
})

afterAll(() => tributary.close())

function read(metrics: string[]) {
  return tributary.engine.metrics.daily(ada.user.id, { ...range, metrics })
}

function compare(kind = 'steps') {
  return tributary.engine.metrics.compare(ada.user.id, { metric: `metric.${kind}`, ...range })
}

/** Who speaks for a kind, in the order of days. */
async function speakers(kind = 'steps') {
  const { days } = await read([`metric.${kind}`])
  return [...new Set(days.flatMap(({ sources }) => Object.values(sources ?? {})))]
}

test('each kind has one value a day through the seam, and says of which source it is', async () => {
  for (const [kind, field] of Object.entries(kinds)) {
    const [merged, one, other] = [`metric.${kind}`, `${before}.${field}`, `${after}.${field}`]
    const { days } = await read([merged, one, other])
    for (const { date, values, sources } of days) {
      const order = date < switchedOff ? [one, other] : [other, one]
      const winner = order.find((name) => values[name] !== null)
      expect(values[merged], `${kind} on ${date}`).toBe(winner ? values[winner] : null)
      expect(sources?.[merged]).toBe(winner?.split('.')[0])
    }
    expect(days.filter(({ values }) => values[merged] !== null).length).toBeGreaterThan(10)
    const { seams } = await compare(kind)
    expect(seams).toHaveLength(1)
    expect(seams[0]).toMatchObject({ from: before, to: after })
    expect(seams[0]?.day.localeCompare(switchedOff)).toBeGreaterThanOrEqual(0)
  }
  expect(await compare()).toMatchObject({ seams: [seam], filled: [] })
})

test('an explanation says why the successor counts, and on the days before why the other does', async () => {
  const sentences = async (date: string) => {
    const metric = 'metric.steps'
    const { sources } = await tributary.engine.metrics.explain(ada.user.id, { metric, date, offset: 0 })
    return sources.map(({ metric: of, sentence }) => [of, sentence])
  }
  expect(await sentences('2026-11-10')).toEqual([
    [`${after}.steps`, 'Used, because it replaces Fitbit, which was retired.'],
    [`${before}.steps`, null],
  ])
  expect(await sentences('2026-10-10')).toEqual([
    [`${before}.steps`, expect.stringContaining('it was connected first')],
    [`${after}.steps`, null],
  ])
})

test('both originals stay as they were', async () => {
  expect(await read(Object.values(kinds).map((field) => `${before}.${field}`))).toEqual(original)
  const truth = await readTruth(tributary.lab.url, after, range)
  const { days } = await read([`${after}.steps`])
  expect(days.map(({ values }) => values[`${after}.steps`])).toEqual(truth.map(({ steps }) => steps))
})

test('the days that both have are compared, each and together', async () => {
  const { comparisons: alike } = await compare()
  expect(alike).toHaveLength(1)
  expect(alike[0]).toMatchObject({
    one: `${before}.steps`,
    other: `${after}.steps`,
    meanDifference: 0,
    meanAbsolutePercent: 0,
    largest: [],
  })
  const steps = (days: { values: Record<string, unknown> }[], source: string) =>
    days.map(({ values }) => values[`${source}.steps`] as number | null)
  const edited = { '2026-10-01': 5_000, '2026-10-02': 20_000 }
  for (const [date, value] of Object.entries(edited))
    await tributary.engine.metrics.enter(ada.user.id, { metric: `${before}.steps`, date, value })
  const { days } = await read([`${before}.steps`, `${after}.steps`])
  const [ones, others] = [steps(days, before), steps(days, after)]
  const both = days.flatMap(({ date }, index) => {
    const [one, other] = [ones[index] ?? null, others[index] ?? null]
    return one === null || other === null ? [] : [{ date, one, other, difference: other - one }]
  })
  const { comparisons, seams } = await compare()
  expect(seams).toEqual([seam])
  expect(comparisons[0]?.days).toEqual(both)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const total = sum(both.map(({ one }) => one))
  const percent = (values: number[]) => (100 * sum(values)) / total
  expect(comparisons[0]?.meanPercent).toBeCloseTo(percent(both.map(({ difference }) => difference)), 9)
  expect(comparisons[0]?.meanAbsolutePercent).toBeCloseTo(
    percent(both.map(({ difference }) => Math.abs(difference))),
    9,
  )
  expect(comparisons[0]?.largest.map(({ date }) => date).sort()).toEqual(Object.keys(edited))
  for (const date of Object.keys(edited))
    await tributary.engine.metrics.enter(ada.user.id, { metric: `${before}.steps`, date, value: null })
})

test('times of day are compared without per cent, and what was never declared is no kind', async () => {
  const { comparisons } = await compare('bed-time')
  expect(comparisons[0]).toMatchObject({
    one: `${before}.bedTime`,
    meanPercent: null,
    meanAbsolutePercent: null,
  })
  await expect(compare('nonsense')).rejects.toMatchObject({ status: 404 })
})

test("another user's days are compared with nobody's", async () => {
  const ben = await tributary.addUser('ben@example.org')
  expect(await tributary.engine.metrics.compare(ben.user.id, { metric: 'metric.steps', ...range })).toEqual({
    seams: [],
    filled: [],
    comparisons: [],
  })
})

test('an order of preference moves the seam, and without one it is back', async () => {
  const { plugins } = tributary.engine
  await plugins.prefer(ada.user.id, [after, before])
  expect(await speakers()).toEqual([after])
  await plugins.prefer(ada.user.id, [before, after])
  expect(await speakers()).toEqual([before])
  expect((await compare()).comparisons[0]?.days.length).toBeGreaterThan(50)
  await plugins.prefer(ada.user.id, [])
  expect(await compare()).toMatchObject({ seams: [seam] })
})

test('a source that is disconnected keeps its days, and one whose data is deleted leaves them to the other', async () => {
  const { plugins } = tributary.engine
  await plugins.disconnect(ada.user.id, before, { deleteData: false })
  expect(await compare()).toMatchObject({ seams: [seam] })
  await plugins.disconnect(ada.user.id, before, { deleteData: true })
  expect(await compare()).toEqual({ seams: [], filled: [], comparisons: [] })
  expect(await speakers()).toEqual([after])
  await plugins.disconnect(ada.user.id, after, { deleteData: true })
  expect(await speakers()).toEqual([])
})
