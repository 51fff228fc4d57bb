import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DailyRecord, definePlugin, type Field, type MappedRecord } from '@tributary/plugin-sdk'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** Noon in Berlin. */
const now = '2026-11-20T11:00:00Z'
const range = { from: '2026-11-17', to: '2026-11-20' }
const [atWork, today] = ['2026-11-19', '2026-11-20']

let tributary: TestEngine
let ada: SignedIn

const fields: Record<string, Field> = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
  sleep: { name: 'Sleep', type: 'duration', kind: 'sleep-duration' },
  bedTime: { name: 'Bed time', type: 'time', kind: 'bed-time' },
  mood: { name: 'Mood', type: 'text' },
}

/** A source that has every day of the range, and is still at work on yesterday's nights. */
function source(id: string, steps: number) {
  const { plugin } = examplePlugin(id)
  const stream = (names: string[], record: (date: string) => Omit<DailyRecord, 'date'>) => ({
    fields: names,
    maxDaysPerRequest: 90,
    historyDays: 4,
    answers: 'window' as const,
    async *fetchData() {
      yield {}
    },
    *mapData(): Generator<MappedRecord> {
      for (const date of ['2026-11-17', '2026-11-18', atWork, today]) yield { date, ...record(date) }
    },
  })
  return definePlugin({
    ...plugin,
    name: id,
    fields,
    streams: {
      activity: stream(['steps', 'mood'], () => ({ fields: { steps, mood: 'calm' } })),
      nights: stream(['sleep', 'bedTime'], (date) => ({
        fields: { sleep: 7 * 3600, bedTime: '-00:30' },
        unsettled: date === atWork,
      })),
    },
  })
}

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [source('one', 8000), source('other', 9000)],
    aliases: { one: 'example-service', other: 'example-service' },
    now,
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  for (const id of ['one', 'other']) {
    await tributary.connect(ada, id)
    await tributary.settled()
  }
})

afterAll(() => tributary.close())

test('values of today that can still change, and of days on which a source is at work, are not final', async () => {
  const { incomplete } = await tributary.engine.metrics.daily(ada.user.id, {
    ...range,
    metrics: ['one.steps', 'one.sleep', 'one.bedTime', 'one.mood', 'metric.steps', 'metric.sleep-duration'],
  })
  expect(incomplete.map(({ date, metric, reason }) => `${date} ${metric} ${reason}`).sort()).toEqual([
    `${atWork} metric.sleep-duration source-at-work`,
    `${atWork} one.bedTime source-at-work`,
    `${atWork} one.sleep source-at-work`,
    `${today} metric.steps day-not-over`,
    `${today} one.steps day-not-over`,
  ])
})

test('a day without a value has none that is not final', async () => {
  const { incomplete } = await tributary.engine.metrics.daily(ada.user.id, {
    ...range,
    metrics: ['one.none', 'metric.none', 'manual.none', 'none'],
  })
  expect(incomplete).toEqual([])
})

test('what a person enters for today is not final either, unless it is a yes, a time or a text', async () => {
  const { metrics } = await tributary.engine.templates.create(ada.user.id, {
    name: 'Mine',
    metrics: [
      { type: 'manual', name: 'Coffees', valueType: 'number' },
      { type: 'manual', name: 'Vitamins', valueType: 'yes-no' },
    ],
  })
  const names = metrics.map(({ id }) => `manual.${id}`)
  for (const metric of names)
    await tributary.engine.metrics.enter(ada.user.id, { metric, date: today, value: 1 })
  const { incomplete } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics: names })
  expect(incomplete).toEqual([{ date: today, metric: names[0], reason: 'day-not-over' }])
})

test('sources are compared on days whose values are final', async () => {
  const compare = async (kind: string) => {
    const asked = { metric: `metric.${kind}`, ...range }
    const { comparisons } = await tributary.engine.metrics.compare(ada.user.id, asked)
    return comparisons.map(({ days }) => days.map(({ date }) => date))
  }
  expect(await compare('steps')).toEqual([['2026-11-17', '2026-11-18', atWork]])
  expect(await compare('sleep-duration')).toEqual([['2026-11-17', '2026-11-18', today]])
})

test('a day that its source did not finish is final 72 hours after its end, in Berlin', async () => {
  const incomplete = async (time: string) => {
    tributary.clock.set(time)
    const asked = { from: atWork, to: atWork, metrics: ['one.sleep'] }
    return (await tributary.engine.metrics.daily(ada.user.id, asked)).incomplete
  }
  expect(await incomplete('2026-11-22T22:59:00Z')).toHaveLength(1)
  expect(await incomplete('2026-11-22T23:00:00Z')).toEqual([])
  tributary.clock.set(now)
})

test('a day is over when it is over where the user lives; its sums are final once the source has the next day', async () => {
  const incomplete = async () => {
    const asked = { ...range, metrics: ['one.steps', 'metric.steps', 'one.sleep'] }
    const found = await tributary.engine.metrics.daily(ada.user.id, asked)
    return found.incomplete
      .filter(({ metric, date }) => metric !== 'one.sleep' || date !== atWork)
      .map(({ date, metric, reason }) => `${date} ${metric} ${reason}`)
  }
  await tributary.database.query(`update tributary.users set time_zone = 'Pacific/Kiritimati'`)
  expect(await incomplete()).toEqual([
    `${today} one.steps source-at-work`,
    `${today} metric.steps source-at-work`,
  ])
  await tributary.database.query(`update tributary.users set time_zone = 'Pacific/Pago_Pago'`)
  tributary.clock.set('2026-11-20T10:00:00Z')
  expect(await incomplete()).toEqual(
    [atWork, today].flatMap((date) =>
      ['one.steps', 'metric.steps'].map((name) => `${date} ${name} day-not-over`),
    ),
  )
})

test('says of each metric what its values mean: name, type, unit and kind', async () => {
  const { user } = ada
  const template = { name: 'Mine', metrics: [{ type: 'manual', name: 'Pain', valueType: 'yes-no' } as const] }
  const { metrics: made } = await tributary.engine.templates.create(user.id, template)
  const names = [
    'one.steps',
    'one.bedTime',
    'metric.sleep-duration',
    `manual.${made[0]?.id}`,
    'one.nothing',
    'no.such',
  ]
  const { metrics } = await tributary.engine.metrics.daily(user.id, { ...range, metrics: names })
  expect(metrics).toEqual({
    'one.steps': { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
    'one.bedTime': { name: 'Bed time', type: 'time', unit: 'min', kind: 'bed-time' },
    'metric.sleep-duration': { name: 'Time asleep', type: 'duration', unit: 's', kind: 'sleep-duration' },
    [`manual.${made[0]?.id}`]: { name: 'Pain', type: 'yes-no', unit: null, kind: null },
  })
  const all = await tributary.engine.metrics.daily(user.id, range)
  expect(Object.keys(all.metrics).sort()).toEqual(Object.keys(all.days[0]?.values ?? {}).sort())
})
