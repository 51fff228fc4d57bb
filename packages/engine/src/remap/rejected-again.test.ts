import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
/** How the mapping reads the one odd score. */
let reads: (score: string) => unknown

function source() {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    fields: { dailyScore: { name: 'Daily score', type: 'number', unit: '{score}' } },
    streams: {
      days: {
        fields: ['dailyScore'],
        maxDaysPerRequest: 90,
        historyDays: 30,
        answers: 'window',
        async *fetchData() {
          yield { score: 'twenty' }
        },
        mapData: (pages: { score: string }[]) =>
          pages.flatMap(({ score }) => [
            ...Array.from({ length: 9 }, (_, day) => ({
              date: `2026-11-0${day + 1}`,
              fields: { dailyScore: 1 },
            })),
            { date: '2026-11-16', fields: { dailyScore: reads(score) as number } },
          ]),
      },
    },
  })
}

beforeEach(async () => {
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterEach(() => tributary.close())

async function connect() {
  await tributary.connect(ada, 'example')
  await tributary.settled()
}

async function remap() {
  const { remaps } = tributary.engine
  const status = async () => (await remaps.get(ada.user.id, 'example'))?.status
  await remaps.begin(ada.user.id, 'example')
  await expect.poll(status).toMatch(/ready|applied/)
  if ((await status()) === 'ready') await remaps.apply(ada.user.id, 'example')
  await expect.poll(status).toBe('applied')
}

async function explained() {
  const day = { metric: 'example.dailyScore', date: '2026-11-16', offset: 0 }
  const { value, evidence } = await tributary.engine.metrics.explain(ada.user.id, day)
  const fetch = evidence?.streams[0]?.fetch
  return { value, rejected: fetch?.rejected, reasons: fetch?.rejections.map(({ reason }) => reason) }
}

const unreadable = { value: null, rejected: 1, reasons: ['Daily score is no number'] }
const read = { value: 20, rejected: 0, reasons: [] }

test('a record that the mapping of now can read is no longer told as one that could not be read', async () => {
  reads = (score) => score
  await connect()
  expect(await explained()).toEqual(unreadable)
  reads = () => 20
  await remap()
  expect(await explained()).toEqual(read)
})

test('a record that the mapping of now cannot read is told as such, and takes nothing away', async () => {
  reads = () => 20
  await connect()
  expect(await explained()).toEqual(read)
  reads = (score) => score
  await remap()
  expect(await explained()).toEqual({ ...unreadable, value: 20 })
})
