import { definePlugin, ImportError } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { type PushConnection, receiveDelivery } from './receive-delivery.ts'

interface Body {
  steps: { start: string; value: number | string }[]
  weight?: Record<string, number>
}

/** A source that is connected like the example and that a phone sends to. */
function pushPlugin() {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    streams: {},
    fields: {
      steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' },
      weight: { name: 'Weight', type: 'number', unit: 'kg' },
    },
    push: {
      fields: ['steps', 'weight'],
      *mapDelivery({ steps, weight = {} }: Body) {
        if (!Array.isArray(steps)) throw new ImportError('bad-record', 'The delivery lists no steps.')
        for (const step of steps) yield { field: 'steps', ...step } as never
        for (const [date, value] of Object.entries(weight)) yield { date, fields: { weight: value } }
      },
    },
  })
}

let tributary: TestEngine
let ada: SignedIn
let database: Database
let connection: PushConnection

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [pushPlugin()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  tributary.startWorker()
  await tributary.settled()
  database = openDatabase({ url: tributary.database.url })
  const [row] = await tributary.database.query<PushConnection>(
    'select id, user_id, source_id, account_id from tributary.user_integrations',
  )
  if (!row) throw new Error('there is no connection')
  connection = row
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

/** Delivers bodies at once, and returns the jobs that imported them, as they ended. */
async function deliver(...bodies: unknown[]) {
  const now = tributary.clock.now()
  const ids = await database.asUser(ada.user.id, async (db) => {
    const jobs = []
    for (const body of bodies)
      jobs.push(await receiveDelivery(db, connection, Buffer.from(JSON.stringify(body)), now))
    return jobs
  })
  await tributary.settled()
  return Promise.all([...new Set(ids)].map((id) => tributary.engine.jobs.get(ada.user.id, id)))
}

const valuesOf = (day: string) =>
  tributary.database.query(
    `select metric_name as metric, value from tributary.daily_metric_values
     where day = $1 and metric_name like 'example.%' order by 1`,
    [day],
  )

const morning = { start: '2026-11-10T08:00:00Z', value: 100 }
const evening = { start: '2026-11-10T18:00:00Z', value: 200 }

test('deliveries that come together are imported by one job, and add up', async () => {
  const jobs = await deliver({ steps: [morning] }, { steps: [evening], weight: { '2026-11-09': 70 } })
  expect(jobs).toHaveLength(1)
  expect(jobs[0]).toMatchObject({ status: 'succeeded', streams: { push: { pages: 2, read: 3, new: 3 } } })
  expect(await valuesOf('2026-11-10')).toEqual([{ metric: 'example.steps', value: 300 }])
  expect(await valuesOf('2026-11-09')).toEqual([{ metric: 'example.weight', value: 70 }])
})

test('the same delivery again writes nothing, and a correction changes its value alone', async () => {
  const [again] = await deliver({ steps: [morning] })
  expect(again).toMatchObject({
    status: 'succeeded',
    streams: { push: { new: 0, changed: 0, unchanged: 1 } },
  })
  const [corrected] = await deliver({ steps: [{ ...morning, value: 150 }] })
  expect(corrected).toMatchObject({ streams: { push: { new: 0, changed: 1, removed: 0 } } })
  expect(await valuesOf('2026-11-10')).toEqual([{ metric: 'example.steps', value: 350 }])
})

test('a delivery that cannot be read fails by itself, and what was sent stays', async () => {
  const [job] = await deliver({ nothing: true }, { steps: [{ ...morning, start: '2026-11-11T08:00:00Z' }] })
  expect(job).toMatchObject({ status: 'partial', problem: { message: 'The delivery lists no steps.' } })
  expect(await valuesOf('2026-11-11')).toEqual([{ metric: 'example.steps', value: 100 }])
  const kept = await tributary.database.query(
    `select from tributary.fetches join tributary.raw_pages on fetch_id = id
     where job_id = $1 and covered_at is null`,
    [job?.id],
  )
  expect(kept).toHaveLength(1)
})

test('bad records are rejected with their reason, and the others are imported', async () => {
  const [job] = await deliver({
    steps: [
      { ...morning, start: '2026-11-12T08:00:00Z' },
      { start: 'soon', value: 1 },
    ],
  })
  expect(job).toMatchObject({ status: 'partial', streams: { push: { read: 2, new: 1, rejected: 1 } } })
  const rejections = await tributary.engine.jobs.rejections(ada.user.id, job?.id ?? '', {})
  expect(rejections).toMatchObject({ rejections: [{ code: 'unreadable' }] })
})
