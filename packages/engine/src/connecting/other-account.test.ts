import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const range = { from: '2026-11-15', to: '2026-11-18' }
let tributary: TestEngine
let ada: SignedIn
let account = 'one'
const scores: Record<string, number> = { one: 10, two: 20 }

function source() {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    api: { ...plugin.api, identify: () => Promise.resolve({ id: account }) },
    fields: { dailyScore: { name: 'Daily score', type: 'number', unit: '{score}', kind: 'readiness' } },
    streams: {
      days: {
        fields: ['dailyScore'],
        maxDaysPerRequest: 90,
        historyDays: 30,
        answers: 'window',
        async *fetchData() {
          yield { score: scores[account] }
        },
        mapData: (pages: { score: number }[]) =>
          pages.map(({ score }) => ({ date: '2026-11-16', fields: { dailyScore: score } })),
      },
    },
  })
}

beforeEach(async () => {
  account = 'one'
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})
afterEach(() => tributary.close())

const value = async (metric = 'example.dailyScore') => {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics: [metric] })
  return days[1]?.values[metric]
}
async function connect(as: string) {
  account = as
  await tributary.connect(ada, 'example')
  await tributary.settled()
}

const explain = () =>
  tributary.engine.metrics.explain(ada.user.id, {
    metric: 'example.dailyScore',
    date: '2026-11-16',
    offset: 0,
  })
const leave = (deleteData: boolean) =>
  tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData })

test('the account that is connected speaks for a day, also when it is connected again', async () => {
  await connect('one')
  expect(await value()).toBe(10)
  await leave(false)
  await connect('two')
  expect(await value()).toBe(20)
  await leave(false)
  await connect('one')
  expect(await value()).toBe(10)
  expect(await value('metric.readiness')).toBe(10)
  const { value: explained, evidence } = await explain()
  expect(explained).toBe(10)
  expect(evidence?.records.filter(({ counts }) => counts).map((one) => one.value)).toEqual([10])
})

test('what was entered by hand for a field stays when the data of its source are removed', async () => {
  await connect('one')
  const entry = { metric: 'example.dailyScore', date: '2026-11-16', value: 77 }
  await tributary.engine.metrics.enter(ada.user.id, entry)
  await leave(true)
  expect(await explain()).toMatchObject({ value: 77, evidence: { entry: { value: 77 } } })
})
