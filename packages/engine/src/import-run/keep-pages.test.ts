import { afterAll, beforeAll, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [examplePlugin('example')],
    aliases: { example: 'example-service' },
  })
})

afterAll(() => tributary.close())

test('an answer that comes again unchanged is a page of its fetch, and is stored once', async () => {
  const ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  tributary.startWorker()
  await tributary.settled()
  const days = { startDate: '2026-11-01', endDate: '2026-11-09' }
  const sync = () => tributary.sync(ada, 'example', days)
  const count = async () => {
    const [row] = await tributary.database
      .query(`select (select count(*)::integer from tributary.raw_pages) as pages,
      (select count(*)::integer from tributary.raw_bodies) as bodies`)
    return row as { pages: number; bodies: number }
  }
  await sync()
  const before = await count()
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { new: 0, changed: 0, removed: 0 } })
  expect(await count()).toEqual({ pages: before.pages + 1, bodies: before.bodies })
})
