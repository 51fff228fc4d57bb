import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const [fitbit] = plugins
const day = '2026-11-18'
let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
})

afterAll(() => tributary.close())

const explain = (metric: string, date = day) =>
  tributary.engine.metrics.explain(ada.user.id, { metric, date, offset: 0 })

const fetchOf = async (date = day) => (await explain('fitbit.steps', date)).evidence?.streams[0]?.fetch

/** Imports the day as the source now has it. */
async function importAs(steps: string) {
  const body = { 'activities-steps': [{ dateTime: day, value: steps }] }
  const path = /activities\/steps/
  tributary.lab.lab.faults.add({ source: 'fitbit', path, times: 1, respond: { status: 200, body } })
  tributary.clock.add({ minutes: 10 })
  return tributary.sync(ada, 'fitbit', { startDate: day, endDate: day })
}

test('a value that changed says from what to what, when and by which import, and so does its kind', async () => {
  const { value, change } = await explain('fitbit.steps')
  expect(change).toMatchObject({ from: null, to: value, job: { trigger: 'connect', status: 'succeeded' } })
  const job = await importAs('12345')
  const again = await importAs('12345')
  expect(again).toMatchObject({ counts: { changed: 0 } })
  for (const metric of ['fitbit.steps', 'metric.steps']) {
    const changed = await explain(metric)
    expect(changed).toMatchObject({
      value: 12345,
      change: { from: value, to: 12345, job: { id: job.id, trigger: 'manual' } },
    })
    expect(Temporal.Instant.compare(changed.change?.at ?? '', change?.at ?? '')).toBe(1)
  }
  // What was not written again was read again all the same: it is of the newest answer.
  const fetch = await fetchOf()
  const mappingVersion = fitbit?.plugin.mappingVersion
  expect(fetch).toMatchObject({ from: day, to: day, mappingVersion, job: { id: again.id } })
  expect(fetch?.pages.map(({ page }) => page)).toEqual([0, 1, 2, 3, 4])
})

test('an answer that was not read completely, of another day or for another account explains nothing', async () => {
  const before = await fetchOf()
  const older = await fetchOf('2026-10-01')
  expect(older?.id).not.toBe(before?.id)
  expect(older && older.from <= '2026-10-01' && older.to >= '2026-10-01').toBe(true)
  const insert = (account: string, covered: string | null) =>
    tributary.database.query(
      `insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day, covered_at)
       select user_id, source_id, coalesce($1, account_id), 'activity', $2, $2, $3 from tributary.user_integrations`,
      [account || null, day, covered],
    )
  await insert('', null)
  await insert('another account', '2026-11-25T00:00:00Z')
  expect(await fetchOf()).toEqual(before)
})

test('of imports of a day that failed the last one says why', async () => {
  await tributary.database.query(`delete from tributary.coverage where stream = 'activity'`)
  await tributary.database.query(
    `insert into tributary.coverage (user_id, source_id, account_id, stream, state, days)
     select user_id, source_id, account_id, 'activity', 'failed', '{[2024-01-01,2024-01-03)}' from tributary.user_integrations`,
  )
  for (const [reason, at] of [
    ['The first reason.', '2026-11-01'],
    ['The last reason.', '2026-11-03'],
    ['The reason between.', '2026-11-02'],
  ])
    await tributary.database.query(
      `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, reason,
         priority, run_after, finished_at)
       select user_id, id, source_id, 'manual', '2024-01-01', '2024-01-02', 'partial', $1, 10, now(), $2
       from tributary.user_integrations`,
      [reason, at],
    )
  const { missing } = await explain('fitbit.steps', '2024-01-01')
  expect(missing).toEqual({
    reason: 'failed',
    sentence: 'The import of this day failed. The last reason.',
  })
})
