import { afterEach, beforeEach, expect, test } from 'vitest'
import { definePlugin, type MappedRecord, type RejectedRecord } from '@tributary/plugin-sdk'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const days = { startDate: '2026-11-01', endDate: '2026-11-19' }

let tributary: TestEngine
let ada: SignedIn
/** What the mapping yields in place of the record of a date; nothing: the source has no record of it. */
let instead: Map<string, RejectedRecord | undefined>

function source() {
  const { plugin } = examplePlugin('example')
  const { days: stream } = plugin.streams
  if (!stream) throw new Error('there is no such stream')
  return definePlugin({
    ...plugin,
    streams: {
      days: {
        ...stream,
        name: 'Days',
        *mapData(pages): Generator<MappedRecord | RejectedRecord> {
          for (const { entries } of pages)
            for (const { date, score } of entries) {
              if (!instead.has(date)) yield { date, fields: { dailyScore: score } }
              const other = instead.get(date)
              if (other) yield other
            }
        },
      },
    },
  })
}

beforeEach(async () => {
  instead = new Map()
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: days.startDate })
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

const sync = () => tributary.sync(ada, 'example', days)
const value = async (date: string) => {
  const { days: found } = await tributary.engine.metrics.daily(ada.user.id, {
    from: date,
    to: date,
    metrics: ['example.dailyScore'],
  })
  return found[0]?.values['example.dailyScore']
}

test('a record that the mapping rejects is counted and listed, and protects the days that it names', async () => {
  await sync()
  instead.set('2026-11-12', {
    rejected: 'score: expected a number',
    record: { score: '?' },
    dates: ['2026-11-12'],
  })
  instead.set('2026-11-14', undefined)
  expect(await sync()).toMatchObject({
    status: 'succeeded',
    counts: { read: 18, rejected: 1, removed: 1 },
    reason: 'Days: 1 record could not be read; the rest is in.',
  })
  expect(await value('2026-11-12')).toBeGreaterThan(0)
  expect(await value('2026-11-14')).toBeNull()
  expect(
    await tributary.database.query('select page, reason, record from tributary.import_rejections'),
  ).toEqual([{ page: 0, reason: 'score: expected a number', record: { score: '?' } }])
})

test.each([{ dates: [] }, {}, { dates: ['no day'] }])(
  'a rejected record without a day protects the whole window: %j',
  async (named) => {
    await sync()
    instead.set('2026-11-12', { rejected: 'unreadable', record: {}, ...named })
    instead.set('2026-11-14', undefined)
    expect(await sync()).toMatchObject({ counts: { rejected: 1, removed: 0 } })
    expect(await value('2026-11-14')).toBeGreaterThan(0)
  },
)

test('a rejected record of a day that was not asked for counts for nothing', async () => {
  instead.set('2026-11-12', { rejected: 'unreadable', record: {}, dates: ['2026-10-31'] })
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { rejected: 0 }, reason: null })
})

test('too many rejected records make the job partial', async () => {
  for (const date of ['2026-11-10', '2026-11-11', '2026-11-12'])
    instead.set(date, { rejected: 'unreadable', record: {}, dates: [date] })
  expect(await sync()).toMatchObject({
    status: 'partial',
    reason: 'Days: 3 of 19 records could not be read (unreadable); the rest is in.',
  })
})
