import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
})

afterEach(() => tributary.close())

const tokenRequests = () =>
  tributary.lab.lab.requests('fitbit').filter(({ path }) => path.endsWith('/token')).length

test('a token that has ended is refreshed, and the next import takes the new one', async () => {
  const before = tokenRequests()
  tributary.clock.add({ hours: 9 })
  expect(await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})).toMatchObject({
    status: 'succeeded',
  })
  expect(await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})).toMatchObject({
    status: 'succeeded',
  })
  expect(tokenRequests()).toBe(before + 1)
})

test('a token that the source refuses too early is refreshed once and the request repeated', async () => {
  const before = tokenRequests()
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /activities\/steps/,
    respond: {
      status: 401,
      body: { errors: [{ errorType: 'expired_token', message: 'x' }], success: false },
    },
  })
  expect(await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})).toMatchObject({
    status: 'succeeded',
  })
  expect(tokenRequests()).toBe(before + 1)
})

test('a refresh that the provider refuses asks the user to connect again, and keeps data and history', async () => {
  tributary.clock.add({ hours: 9 })
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    respond: {
      status: 400,
      body: { errors: [{ errorType: 'invalid_grant', message: 'x' }], success: false },
    },
  })
  const job = await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})
  expect(job.status).toBe('failed')
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({
    state: 'needs-reauthorization',
    connected: true,
  })
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'connected' })
})

test('a token server that is down means: try again, not: connect again', async () => {
  tributary.clock.add({ hours: 9 })
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /token/, respond: { status: 500 } })
  await tributary.engine.plugins.sync(ada.user.id, 'fitbit', { startDate: '2026-11-19' })
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'retrying' })
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'connected' })
})
