import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
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
  await tributary.connect(ada, 'example')
})

afterEach(() => tributary.close())

test('an answer that comes when all data was removed is not kept, and no further one is asked for', async () => {
  const { promise: held, resolve: answer } = Promise.withResolvers<undefined>()
  const { promise: asked, resolve: ask } = Promise.withResolvers<undefined>()
  says.before = () => {
    ask(undefined)
    return held
  }
  const worker = tributary.startWorker()
  await asked
  await tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: true })
  answer(undefined)
  await worker.stop()
  expect(says.asked).toHaveLength(1)
  for (const table of ['fetches', 'raw_bodies', 'raw_pages', 'measurements', 'daily_records', 'coverage'])
    expect(await tributary.database.query(`select from tributary.${table}`), table).toEqual([])
})
