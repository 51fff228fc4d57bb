import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
})

afterAll(() => tributary.close())

const valueOf = async (metric: string, date: string, who = ada) => {
  const { days } = await tributary.engine.metrics.daily(who.user.id, {
    from: date,
    to: date,
    metrics: [metric],
  })
  return days[0]?.values[metric]
}

test('a template keeps its metrics in order, and a Manual metric its entries when it is renamed', async () => {
  const { templates, metrics } = tributary.engine
  const made = await templates.create(ada.user.id, {
    name: 'Mine',
    metrics: [
      { type: 'external', name: 'My steps', source: 'fitbit.steps' },
      { type: 'manual', name: 'Mood', valueType: 'number', unit: '1' },
      { type: 'external', name: 'Sleep', source: 'metric.sleep-duration' },
    ],
  })
  expect(made.chosen).toBe(true)
  expect(made.metrics.map(({ name }) => name)).toEqual(['My steps', 'Mood', 'Sleep'])
  const mood = made.metrics[1]
  if (mood?.type !== 'manual') throw new Error('no manual metric')
  await metrics.enter(ada.user.id, { metric: `manual.${mood.id}`, date: '2026-11-19', value: 7 })
  const changed = await templates.replace(ada.user.id, made.id, {
    name: 'Ours',
    metrics: [{ type: 'manual', id: mood.id, name: 'Spirits', valueType: 'number' }],
  })
  expect(changed.metrics).toMatchObject([{ id: mood.id, name: 'Spirits' }])
  expect(await valueOf(`manual.${mood.id}`, '2026-11-19')).toBe(7)
  await metrics.enter(ada.user.id, { metric: `manual.${mood.id}`, date: '2026-11-19', value: null })
  expect(await valueOf(`manual.${mood.id}`, '2026-11-19')).toBeNull()
})

test('of several templates one is chosen, and another takes its place when it is removed', async () => {
  const { templates } = tributary.engine
  const first = await templates.create(ben.user.id, { name: 'First', metrics: [] })
  const second = await templates.create(ben.user.id, { name: 'Second', chosen: true, metrics: [] })
  expect((await templates.list(ben.user.id)).map(({ name, chosen }) => [name, chosen])).toEqual([
    ['First', false],
    ['Second', true],
  ])
  await templates.reorder(ben.user.id, [second.id, first.id])
  expect((await templates.list(ben.user.id)).map(({ name }) => name)).toEqual(['Second', 'First'])
  await templates.remove(ben.user.id, second.id)
  expect(await templates.get(ben.user.id, first.id)).toMatchObject({ chosen: true })
})

test("another user's template does not exist", async () => {
  const { templates, metrics } = tributary.engine
  const [mine] = await templates.list(ada.user.id)
  const id = mine?.id ?? ''
  await expect(templates.get(ben.user.id, id)).rejects.toMatchObject({ status: 404 })
  await expect(templates.replace(ben.user.id, id, { name: 'x', metrics: [] })).rejects.toMatchObject({
    status: 404,
  })
  await expect(templates.remove(ben.user.id, id)).rejects.toMatchObject({ status: 404 })
  const metric = mine?.metrics.find(({ type }) => type === 'manual')
  const entry = { metric: `manual.${metric?.id}`, date: '2026-11-19', value: 1 }
  await expect(metrics.enter(ben.user.id, entry)).rejects.toMatchObject({ code: 'unknown-metric' })
})

test('a source that no plugin gives is refused', async () => {
  const metrics = [{ type: 'external' as const, name: 'x', source: 'fitbit.nothing' }]
  await expect(tributary.engine.templates.create(ada.user.id, { name: 'x', metrics })).rejects.toMatchObject({
    status: 422,
  })
})

test("a value entered by hand goes before the source's, survives an import, and gives way when taken back", async () => {
  const { metrics, plugins: sources } = tributary.engine
  const imported = await valueOf('fitbit.steps', '2026-11-18')
  await metrics.enter(ada.user.id, { metric: 'fitbit.steps', date: '2026-11-18', value: 1234 })
  expect(await valueOf('fitbit.steps', '2026-11-18')).toBe(1234)
  expect(await valueOf('metric.steps', '2026-11-18')).toBe(1234)
  await sources.sync(ada.user.id, 'fitbit', {})
  expect(await valueOf('fitbit.steps', '2026-11-18')).toBe(1234)
  await metrics.enter(ada.user.id, { metric: 'fitbit.steps', date: '2026-11-18', value: null })
  expect(await valueOf('fitbit.steps', '2026-11-18')).toBe(imported)
})

test.each([
  ['fitbit.steps', 'many', 'bad-value'],
  ['fitbit.sleepLength', -5, 'bad-value'],
  ['fitbit.nothing', 1, 'unknown-metric'],
])('%s cannot be %s', async (metric, value, code) => {
  const enter = tributary.engine.metrics.enter(ada.user.id, { metric, date: '2026-11-18', value })
  await expect(enter).rejects.toMatchObject({ status: 422, code })
})

test('a look at a day never asked for asks once, within the depth alone, and fills it', async () => {
  const { metrics } = tributary.engine
  await tributary.database.query(
    `update tributary.coverage set days = days - '{[2026-03-03,2026-03-04)}'::datemultirange`,
  )
  await tributary.database.query(`delete from tributary.daily_records where day = '2026-03-03'`)
  await tributary.database.query(`delete from tributary.daily_metric_values where day = '2026-03-03'`)
  const before = (await tributary.engine.jobs.list(ada.user.id, { limit: 500 })).length
  const looks = await Promise.all([
    metrics.look(ada.user.id, '2026-03-03'),
    metrics.look(ada.user.id, '2026-03-03'),
  ])
  expect(looks[0]).toEqual(['fitbit'])
  await tributary.settled()
  expect(await valueOf('fitbit.steps', '2026-03-03')).toBeGreaterThan(0)
  expect(await metrics.look(ada.user.id, '2026-03-03')).toEqual([])
  expect(await metrics.look(ada.user.id, '2019-01-01')).toEqual([])
  expect(await metrics.look(ada.user.id, '2027-01-01')).toEqual([])
  const after = (await tributary.engine.jobs.list(ada.user.id, { limit: 500 })).length
  expect(after - before).toBe(1)
})

test('a connection keeps to the streams and the depth that its user chose', async () => {
  const { plugins: sources } = tributary.engine
  await expect(sources.change(ada.user.id, 'fitbit', { streams: ['none'] })).rejects.toMatchObject({
    status: 422,
  })
  const changed = await sources.change(ada.user.id, 'fitbit', {
    streams: ['sleep'],
    historyFrom: '2024-06-01',
  })
  expect(changed.streams.map(({ id, enabled }) => [id, enabled])).toContainEqual(['sleep', true])
  expect(changed.streams.filter(({ enabled }) => enabled)).toHaveLength(1)
  await tributary.settled()
  expect(await valueOf('fitbit.sleepLength', '2024-06-05')).toBeGreaterThan(0)
  expect(await valueOf('fitbit.steps', '2024-06-05')).toBeNull()
  expect(await sources.change(ada.user.id, 'fitbit', { enabled: false })).toMatchObject({ enabled: false })
})

test('a manual value that is entered again says when, and what it was before; entered the same it changes nothing', async () => {
  const { templates, metrics } = tributary.engine
  const { metrics: made } = await templates.create(ada.user.id, {
    name: 'Diary',
    metrics: [{ type: 'manual', name: 'Mood', valueType: 'number', unit: '1' }],
  })
  const metric = `manual.${made[0]?.id}`
  const enter = (value: number) => metrics.enter(ada.user.id, { metric, date: '2026-11-19', value })
  const explain = () => metrics.explain(ada.user.id, { metric, date: '2026-11-19', offset: 0 })
  await enter(4)
  tributary.clock.add({ hours: 1 })
  await enter(6)
  const changed = await explain()
  expect(changed).toMatchObject({
    change: { from: 4, to: 6 },
    evidence: { entry: { value: 6, enteredAt: tributary.clock.now().toString() } },
  })
  await enter(6)
  expect((await explain()).change).toEqual(changed.change)
})

test('a list with a metric that vanished can be changed beside it, and nobody else can put it in', async () => {
  const { templates } = tributary.engine
  const vanished = { type: 'external' as const, name: 'Gone', source: 'csv.gone' }
  const steps = { type: 'external' as const, name: 'Steps', source: 'fitbit.steps' }
  const { id } = await templates.create(ada.user.id, { name: 'Old', metrics: [steps] })
  await tributary.database.query(
    'update tributary.metric_templates set metrics = metrics || $2::jsonb where id = $1',
    [id, JSON.stringify([{ ...vanished, id: vanished.source }])],
  )
  const renamed = await templates.replace(ada.user.id, id, { name: 'New', metrics: [vanished, steps] })
  expect(renamed.metrics.map(({ name }) => name)).toEqual(['Gone', 'Steps'])
  const other = templates.create(ada.user.id, { name: 'Other', metrics: [vanished] })
  await expect(other).rejects.toMatchObject({ code: 'unknown-source' })
})

test.each(['0000-06-01', '+012026-01-01', '-000100-01-01'])(
  '%s is no day to enter a value for',
  async (date) => {
    await expect(
      tributary.engine.metrics.enter(ada.user.id, { metric: 'fitbit.steps', date, value: 1 }),
    ).rejects.toMatchObject({ status: 422 })
  },
)
