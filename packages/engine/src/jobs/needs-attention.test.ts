import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

async function syncRefused(error: string) {
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    times: 1,
    respond: { status: 400, body: { errors: [{ errorType: error }], error } },
  })
  tributary.clock.add({ hours: 9 })
  return tributary.sync(ada, 'fitbit')
}

const events = () =>
  tributary.database.query<{ payload: object }>(
    `select payload from tributary.events where user_id = $1 and kind = 'connection-needs-attention' order by id`,
    [ada.user.id],
  )

test('a connection whose grant was refused is an event with what to do', async () => {
  const { reason } = await syncRefused('invalid_grant')
  const [connection] = await tributary.database.query<{ id: string }>(
    'select id from tributary.user_integrations',
  )
  expect(await events()).toEqual([
    {
      payload: { connectionId: connection?.id, pluginId: 'fitbit', state: 'needs-reauthorization', reason },
    },
  ])
})

test('a wrong configuration is one event, however many imports meet it, and another one after it was right', async () => {
  await syncRefused('invalid_client')
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'misconfigured' })
  await syncRefused('invalid_client')
  expect(await events()).toHaveLength(1)
  tributary.clock.add({ hours: 9 })
  expect(await tributary.sync(ada, 'fitbit')).toMatchObject({ status: 'succeeded' })
  await syncRefused('invalid_client')
  expect(await events()).toMatchObject([
    { payload: { state: 'misconfigured' } },
    { payload: { state: 'misconfigured' } },
  ])
})
