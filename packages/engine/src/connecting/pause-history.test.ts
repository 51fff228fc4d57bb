import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HistoryStatus, SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

const change = (settings: object) => tributary.engine.plugins.change(ada.user.id, 'fitbit', settings)

async function history(): Promise<HistoryStatus> {
  const { history: found } = await tributary.engine.plugins.get(ada.user.id, 'fitbit')
  if (!found) throw new Error('there is no connection')
  return found
}

async function openHistory() {
  return tributary.database.query(`select source_id from tributary.import_jobs where trigger = 'history'
    and status in ('queued', 'waiting', 'retrying', 'running')`)
}

test('a paused history asks nothing until it is resumed, and then goes on to its depth', async () => {
  await tributary.connect(ada, 'fitbit')
  await change({ historyFrom: '2026-08-01', historyPaused: true })
  // What the first sync brings is none of it.
  expect(await history()).toMatchObject({ reached: null, daysLeft: 105 })
  tributary.startWorker()
  await tributary.settled()
  expect(await openHistory()).toEqual([])
  // From 1 August to the day before the last seven: 105 days.
  expect(await history()).toEqual({
    reached: '2026-11-14',
    from: '2026-08-01',
    paused: true,
    daysLeft: 105,
    secondsLeft: null,
  })
  await change({ historyPaused: false })
  await tributary.settled()
  expect(await history()).toEqual({
    reached: '2026-08-01',
    from: '2026-08-01',
    paused: false,
    daysLeft: 0,
    secondsLeft: 0,
  })
})

test('pausing cancels the part of history that waits, of its connection alone', async () => {
  await tributary.connect(ada, 'fitbit')
  const worker = tributary.startWorker()
  await change({ historyPaused: true })
  await tributary.settled()
  await worker.stop()
  await tributary.database.query(`
    with other as (insert into tributary.user_integrations (user_id, source_id, account_id, state, history_from)
      select user_id, 'google-fit', 'a', state, history_from from tributary.user_integrations returning id)
    insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, selection, from_day, to_day, priority, run_after)
    select user_id, other.id, 'google-fit', 'history', 'never-fetched', from_day, to_day, 40, run_after
    from tributary.import_jobs, other limit 1`)
  await change({ historyPaused: false })
  expect(await openHistory()).toHaveLength(2)
  await change({ historyPaused: true })
  expect(await openHistory()).toEqual([{ source_id: 'google-fit' }])
  const jobs = await tributary.engine.jobs.list(ada.user.id)
  expect(jobs).toContainEqual(
    expect.objectContaining({ trigger: 'history', status: 'cancelled', reason: 'You paused the history.' }),
  )
  await change({ historyPaused: false })
  await tributary.database.query(
    `update tributary.import_jobs set status = 'running' where source_id = 'fitbit' and status = 'queued'`,
  )
  // What is at work comes to its end.
  await change({ historyPaused: true })
  expect(await openHistory()).toHaveLength(2)
})

test.each([
  ['a paused history', 'history_paused = true', 'You paused the history.'],
  ['a connection switched off', 'enabled = false', 'The connection was switched off.'],
])(
  'a job that was asked for while all others were taken back is cancelled and asks nothing: %s',
  async (_, columns, reason) => {
    await tributary.connect(ada, 'fitbit')
    const worker = tributary.startWorker()
    await change({ historyPaused: true })
    await tributary.settled()
    await worker.stop()
    await change({ historyPaused: false })
    const requests = tributary.lab.lab.requests('fitbit').length
    // As a job does that ends and asks for the next part of history at the very moment.
    await tributary.database.query(`update tributary.user_integrations set ${columns}`)
    tributary.startWorker()
    await tributary.settled()
    const jobs = await tributary.engine.jobs.list(ada.user.id)
    const history = jobs.filter(({ trigger }) => trigger === 'history')
    expect(history).toMatchObject([{ status: 'cancelled', reason }])
    expect(tributary.lab.lab.requests('fitbit')).toHaveLength(requests)
  },
)

test('the time left is measured by the stream-days that the last jobs of history covered in a second', async () => {
  await tributary.connect(ada, 'fitbit')
  await change({ historyFrom: '2026-10-01' })
  tributary.startWorker()
  await tributary.settled()
  expect(await history()).toMatchObject({ daysLeft: 0 })
  await change({ historyPaused: true })
  await change({ historyFrom: '2026-09-01' })
  await tributary.database
    .query(`update tributary.import_jobs set started_at = finished_at - interval '44 seconds'
    where trigger = 'history'`)
  // 44 days of each stream took 44 seconds; another 30 of each are left.
  expect(await history()).toMatchObject({ reached: '2026-10-01', daysLeft: 30, secondsLeft: 30 })
})
