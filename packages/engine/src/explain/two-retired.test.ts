import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  // As the next version of the plugin will declare it.
  await tributary.database.query(
    `update tributary.integration_sources set retired_since = '2026-11-01' where id = 'google-fit'`,
  )
  for (const source of ['fitbit', 'google-fit', 'google-health']) {
    await tributary.connect(ada, source)
    await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-11-01' })
    await tributary.settled()
  }
})
afterAll(() => tributary.close())

test('a source that succeeds two retired ones is named once', async () => {
  const metric = 'metric.steps'
  const explained = await tributary.engine.metrics.explain(ada.user.id, {
    metric,
    date: '2026-11-10',
    offset: 0,
  })
  expect(explained.sources.map((one) => one.metric)).toEqual([
    'google-health.steps',
    'fitbit.steps',
    'google-fit.steps',
  ])
  expect(explained.sources.filter((one) => one.counts)).toHaveLength(1)
})
