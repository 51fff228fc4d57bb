import { ImportError } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConnectionSettings, SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { type TwoStreams, twoStreams, twoStreamsPlugin } from '../testing/two-streams-plugin.ts'

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
})

afterEach(() => tributary.close())

const change = (settings: ConnectionSettings) =>
  tributary.engine.plugins.change(ada.user.id, 'example', settings)

async function begin(historyFrom: string) {
  await tributary.connect(ada, 'example')
  await change({ historyFrom })
  tributary.startWorker()
  await tributary.settled()
}

/** One sync after the other, each with all its attempts and the history that follows. */
async function syncs(count: number) {
  for (let sync = 0; sync < count; sync++) {
    await tributary.sync(ada, 'example')
    for (let attempt = 0; attempt < 5; attempt++) {
      tributary.clock.add({ hours: 1 })
      await tributary.settled()
    }
  }
}

const failing = (...days: string[]) =>
  (says.before = (stream, from, to) => {
    if (stream === 'one' && days.some((day) => from <= day && day <= to))
      throw new ImportError('unavailable', 'Cannot (500).')
  })

async function values(day: string) {
  const metrics = ['example.one', 'example.two']
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { from: day, to: day, metrics })
  return Object.values(days[0]?.values ?? {})
}

test('a day that the source can never give keeps no other days and streams from coming', async () => {
  failing('2026-10-20')
  await begin('2026-06-01')
  await syncs(2)
  expect(await values('2026-06-10')).toEqual([1, 1])
  expect(await values('2026-10-20')).toEqual([null, 1])
})

test('of two days that failed the older one comes, though the newer never does', async () => {
  failing('2026-10-20', '2026-10-08')
  await begin('2026-09-01')
  await syncs(1)
  expect(await values('2026-10-08')).toEqual([null, 1])
  failing('2026-10-20')
  await syncs(2)
  expect(await values('2026-10-08')).toEqual([1, 1])
})

test('while a source is down history does not go on', async () => {
  await begin('2026-11-10')
  says.before = () => {
    throw new ImportError('unavailable', 'Cannot (500).')
  }
  await syncs(1)
  says.asked = []
  await change({ historyFrom: '2026-06-01' })
  await syncs(1)
  // One request of each stream in the first attempt, and one more in each of the four others; of two jobs.
  expect(says.asked.length).toBeLessThanOrEqual(2 * 2 * (1 + 2 + 3 + 4 + 5))
})

test('days of which no second answer bears out the first are asked once, and not without an end', async () => {
  await begin('2026-11-01')
  await tributary.database.query(
    `update tributary.coverage set days = days - '{[2026-11-01,2026-11-05]}' where stream = 'one'`,
  )
  says.asked = []
  let times = 0
  says.before = (stream) => void (stream === 'one' && times++)
  says.records = (stream, day) =>
    stream === 'one' && (times % 2 === 0 ? day < '2026-11-05' : day > '2026-11-02')
      ? []
      : [{ date: day, fields: { [stream]: 1 } }]
  await change({ historyPaused: false })
  await tributary.settled()
  expect(says.asked).toEqual(['one 2026-11-01 2026-11-05', 'one 2026-11-01 2026-11-05'])
  expect(await values('2026-11-03')).toEqual([1, 1])
  expect((await tributary.engine.jobs.list(ada.user.id)).map(({ status }) => status)).toContain('failed')
})
