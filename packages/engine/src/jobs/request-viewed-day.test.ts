import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const depth = '2026-08-01'
let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit', { scopes: ['activity', 'heartrate'] })
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', {
    historyFrom: depth,
    streams: ['activity', 'sleep', 'stepsIntraday'],
  })
})

afterAll(() => tributary.close())

beforeEach(async () => {
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.database.query('delete from tributary.coverage')
  await know('activity', '2026-09-01', '2026-11-20')
  await know('stepsIntraday', '2026-11-10', '2026-11-20')
})

const know = (stream: string, from: string, to: string) =>
  tributary.database.query(
    `insert into tributary.coverage (user_id, source_id, account_id, stream, state, days)
     select user_id, source_id, account_id, $1, 'failed', datemultirange(daterange($2, $3, '[]'))
     from tributary.user_integrations`,
    [stream, from, to],
  )

/** Looks at a day twice; gives the sources that are on their way, and how many jobs were made. */
async function look(day: string) {
  const sources = await tributary.engine.metrics.look(ada.user.id, day)
  expect(await tributary.engine.metrics.look(ada.user.id, day)).toEqual(sources)
  const jobs = await tributary.database.query(`select from tributary.import_jobs where trigger = 'view'`)
  return { sources, jobs: jobs.length }
}

const none = { sources: [], jobs: 0 }
const asked = { sources: ['fitbit'], jobs: 1 }

test('a day within the depth that a stream was never asked for is asked for, once', async () => {
  expect(await look(depth)).toEqual(asked)
})

test('a day that was asked for is not, whatever came of it, nor one before the depth', async () => {
  expect(await look('2026-11-12')).toEqual(none)
  expect(await look('2026-07-31')).toEqual(none)
})

test('a stream that was not allowed, is off or is kept for fewer days at the source asks for nothing', async () => {
  // Sleep was not allowed, steps by minute go back thirty days, and the other streams are off.
  expect(await look('2026-10-15')).toEqual(none)
  expect(await look('2026-10-22')).toEqual(asked)
})

test('a connection that cannot be asked asks for nothing', async () => {
  await tributary.database.query(`update tributary.user_integrations set state = 'needs-reauthorization'`)
  expect(await look(depth)).toEqual(none)
  await tributary.database.query(
    `update tributary.user_integrations set state = 'connected', enabled = false`,
  )
  expect(await look(depth)).toEqual(none)
  await tributary.database.query(`update tributary.user_integrations set enabled = true`)
  expect(await look(depth)).toEqual(asked)
})
