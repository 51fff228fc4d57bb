import type { MappedRecord } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { type TwoStreams, twoStreams, twoStreamsPlugin } from '../testing/two-streams-plugin.ts'

const days = { startDate: '2026-11-01', endDate: '2026-11-05' }
const noon = '2026-11-02T12:00:00Z'

let tributary: TestEngine
let ada: SignedIn
let says: TwoStreams

beforeEach(async () => {
  says = twoStreams()
  tributary = await createTestEngine({
    plugins: [twoStreamsPlugin(says)],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: days.startDate })
  tributary.startWorker()
})

afterEach(() => tributary.close())

const daily = (...values: number[]): MappedRecord[] =>
  values.map((value) => ({ date: '2026-11-02', fields: { one: value } }))
const measured = (...values: number[]): MappedRecord[] =>
  values.map((value) => ({ field: 'one', start: noon, value }))

async function sync(records: MappedRecord[]) {
  says.records = (stream, day) => (stream === 'one' && day === '2026-11-02' ? records : [])
  const job = await tributary.sync(ada, 'example', days)
  return { ...job, counts: job.streams['one'] }
}

test.each([
  ['daily records of a day', daily],
  ['measurements of an instant', measured],
])(
  'of several different %s the later one counts, and the others are counted and told',
  async (_, records) => {
    expect(await sync(records(8, 5, 7))).toMatchObject({
      status: 'succeeded',
      reason: 'one: 2 values were set aside because a later record of the same day or time counts.',
      counts: { read: 3, values: 3, new: 1, setAside: 2 },
    })
    const [stored] = await tributary.database.query(
      'select value from tributary.daily_records union all select value from tributary.measurements',
    )
    expect(stored).toEqual({ value: 7 })
  },
)

test.each([
  ['daily records of a day', daily],
  ['measurements of an instant', measured],
])('equal %s are one, as a page may repeat the end of the one before', async (_, records) => {
  expect(await sync(records(7, 7))).toMatchObject({
    status: 'succeeded',
    reason: null,
    counts: { read: 2, values: 2, new: 1, setAside: 0 },
  })
})
