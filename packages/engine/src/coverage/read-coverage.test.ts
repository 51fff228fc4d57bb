import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { enabled: false, historyFrom: '2025-11-01' })
})

afterAll(() => tributary.close())

const coverage = (user: SignedIn, from: string, to: string) =>
  tributary.engine.plugins.coverage(user.user.id, 'fitbit', { from, to })

/** How many days lie in ranges. */
const count = (ranges: { from: string; to: string }[]) =>
  ranges.reduce(
    (sum, { from, to }) => sum + Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1,
    0,
  )

test('each day up to today lies in one state, within the range that was asked for', async () => {
  const { streams } = await coverage(ada, '2026-11-01', '2026-11-30')
  expect(streams.map(({ id }) => id)).toContain('sleep')
  for (const { id, days } of streams.filter(({ enabled }) => enabled)) {
    expect(count(Object.values(days).flat()), id).toBe(20)
    expect(days['never-asked'], id).toEqual([])
  }
  const activity = streams.find(({ id }) => id === 'activity')
  expect(activity?.days['has-data'].at(-1)?.to).toBe('2026-11-20')
})

test('days inside the depth that were not asked for are said, and none before it', async () => {
  // What another account was asked is not known of this one.
  await tributary.database.query(
    `insert into tributary.coverage (user_id, source_id, account_id, stream, state, days)
     select user_id, source_id, 'another', 'activity', 'has-data', '{[2025-11-01,2025-11-10)}'
     from tributary.user_integrations where user_id = $1`,
    [ada.user.id],
  )
  const { streams } = await coverage(ada, '2025-10-01', '2025-11-30')
  const { days } = streams.find(({ id }) => id === 'activity') ?? {}
  expect(days?.['never-asked']).toEqual([{ from: '2025-11-01', to: '2025-11-19' }])
  const optional = streams.find(({ id }) => id === 'stepsIntraday')
  expect(optional).toMatchObject({ enabled: false, days: { 'never-asked': [] } })
  const { streams: later } = await coverage(ada, '2026-10-01', '2026-11-30')
  expect(later.find(({ id }) => id === 'stepsIntraday')?.days['never-asked']).toEqual([
    { from: '2026-10-22', to: '2026-11-20' },
  ])
})

test('a failed window shows as failed, until it is imported', async () => {
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { enabled: true })
  await tributary.settled()
  await tributary.database.query(`delete from tributary.coverage where stream = 'weight'`)
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /weight/, times: 1, respond: { status: 500 } })
  const days = { startDate: '2026-11-10', endDate: '2026-11-12' }
  await tributary.engine.plugins.sync(ada.user.id, 'fitbit', days)
  await tributary.settled()
  const weight = async () => {
    const { streams } = await coverage(ada, '2026-11-09', '2026-11-13')
    return streams.find(({ id }) => id === 'weight')?.days
  }
  expect(await weight()).toMatchObject({
    failed: [{ from: '2026-11-10', to: '2026-11-12' }],
    'never-asked': [
      { from: '2026-11-09', to: '2026-11-09' },
      { from: '2026-11-13', to: '2026-11-13' },
    ],
  })
  tributary.clock.add({ minutes: 5 })
  await tributary.settled()
  expect((await weight())?.failed).toEqual([])
})

test('streams tell their first and last day, and what the newest job did for them', async () => {
  tributary.clock.add({ minutes: 5 })
  const job = await tributary.sync(ada, 'fitbit', { startDate: '2026-11-18', endDate: '2026-11-18' })
  const streams = await tributary.engine.plugins.streams(ada.user.id, 'fitbit')
  const activity = streams.find(({ id }) => id === 'activity')
  expect(activity).toMatchObject({ name: 'Activity', last: '2026-11-20', lastJob: { status: 'succeeded' } })
  expect(activity?.lastJob).toMatchObject({ id: job.id, counts: { removed: 0, rejected: 0 } })
  expect(streams.find(({ id }) => id === 'stepsIntraday')).toMatchObject({ first: null, lastJob: null })
})

test('another user sees nothing of it, and a source that there is not is said', async () => {
  await expect(coverage(ben, '2026-11-01', '2026-11-30')).rejects.toMatchObject({ code: 'not-connected' })
  await expect(tributary.engine.plugins.streams(ben.user.id, 'fitbit')).rejects.toMatchObject({ status: 404 })
  await expect(
    tributary.engine.plugins.coverage(ada.user.id, 'none', { from: '2026-11-01', to: '2026-11-30' }),
  ).rejects.toMatchObject({ code: 'unknown-plugin' })
  await tributary.connect(ben, 'fitbit', { scopes: ['activity', 'heartrate'] })
  const { streams } = await coverage(ben, '2026-11-01', '2026-11-30')
  expect(streams.find(({ id }) => id === 'sleep')).toMatchObject({ granted: false })
})
