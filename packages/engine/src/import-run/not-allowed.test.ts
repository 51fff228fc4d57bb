import { definePlugin, type Stream } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const depth = '2026-01-01'
let tributary: TestEngine

/** The example service in two streams, of which it allows only one, by no scope that the user could give. */
function source() {
  const { plugin } = examplePlugin('example')
  const field = { name: 'Score', type: 'number', unit: '{score}' } as const
  const stream = (path: string): Stream => ({
    name: path,
    fields: [path],
    maxDaysPerRequest: 90,
    answers: 'window',
    async *fetchData({ http, from, to }) {
      yield await http.get('/data', { start: from, end: to, of: path })
    },
    mapData: () => [],
  })
  return definePlugin({
    ...plugin,
    api: {
      ...plugin.api,
      readError: (status) =>
        status === 403 ? { code: 'not-allowed', message: 'not part of your plan.' } : undefined,
    },
    fields: { free: field, paid: field },
    streams: { free: stream('free'), paid: stream('paid') },
  })
}

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
})

afterAll(() => tributary.close())

test('a stream that no scope allows is failed, and keeps the history of the others from nothing', async () => {
  const { engine, lab, settled } = tributary
  const ada = await tributary.addUser('ada@example.org')
  lab.lab.faults.add({ source: 'example', path: /paid/, times: 1000, respond: { status: 403 } })
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await settled()
  await engine.plugins.change(ada.user.id, 'example', { historyFrom: depth })
  await settled()
  expect(lab.lab.requests('example').filter(({ path }) => path.includes('paid')).length).toBeLessThan(10)
  const { streams } = await engine.plugins.coverage(ada.user.id, 'example', { from: depth, to: '2026-11-20' })
  for (const { id, days } of streams) expect(days['never-asked'], id).toEqual([])
  const [free, paid] = streams
  expect([free?.days.failed, paid?.days.failed]).toEqual([[], [{ from: depth, to: '2026-11-20' }]])
  for (const job of await engine.jobs.list(ada.user.id))
    expect(job).toMatchObject({ status: 'partial', reason: 'paid: not part of your plan.' })
  expect(await engine.plugins.get(ada.user.id, 'example')).toMatchObject({ state: 'connected' })
})
