import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const source = 'google-health'
const days = { from: '2026-11-10', to: '2026-11-14' }

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, source, {
    streams: ['activity'],
    historyFrom: days.from,
    historyPaused: true,
  })
  tributary.startWorker()
})

afterEach(() => tributary.close())

const sync = () => tributary.sync(ada, source, { startDate: days.from, endDate: days.to })
const fail = (path: RegExp) =>
  tributary.lab.lab.faults.add({ source, path, times: Infinity, respond: { status: 500 } })

async function activity() {
  const { streams } = await tributary.engine.plugins.coverage(ada.user.id, source, days)
  return streams.find(({ id }) => id === 'activity')?.days
}

async function stored(): Promise<string[]> {
  const rows = await tributary.database.query<{ field: string }>(
    'select distinct field from tributary.daily_records join tributary.series on id = series_id order by field',
  )
  return rows.map(({ field }) => field)
}

test('a data type that fails fails alone, is named, and is fetched again alone', async () => {
  // The first of them: the others come after the failure.
  fail(/steps\//)
  let job = await sync()
  expect(await stored()).toEqual(['activeCalories', 'distance', 'floors', 'zoneMinutes'])
  expect(await activity()).toMatchObject({ failed: [days], 'has-data': [] })
  for (let attempt = 0; attempt < 10 && job.status === 'retrying'; attempt++) {
    tributary.clock.add({ hours: 1 })
    await tributary.settled()
    job = await tributary.engine.jobs.get(ada.user.id, job.id)
  }
  expect(job).toMatchObject({
    status: 'partial',
    reason: 'Activity, steps: Google Health could not answer (500).',
  })
  const paths = tributary.lab.lab.requests(source).map(({ path }) => path)
  expect(paths.filter((path) => path.includes('/floors/'))).toHaveLength(1)
  expect(paths.filter((path) => path.includes('/steps/')).length).toBeGreaterThan(1)

  tributary.lab.lab.faults.clear()
  expect(await sync()).toMatchObject({ status: 'succeeded', reason: null })
  expect(await stored()).toContain('steps')
  expect(await activity()).toMatchObject({ failed: [], 'has-data': [days] })
})

test('what is missing is explained by the data type of the field', async () => {
  fail(/floors\//)
  await sync()
  const missingOf = async (field: string) => {
    const { missing } = await tributary.engine.metrics.explain(ada.user.id, {
      metric: `${source}.${field}`,
      date: days.from,
    })
    return missing?.reason
  }
  expect(await missingOf('floors')).toBe('failed')
  expect(await missingOf('steps')).toBeUndefined()
})

test('where every data type fails the reason names none of them', async () => {
  fail(/dataPoints/)
  expect(await sync()).toMatchObject({
    status: 'retrying',
    reason: 'Google Health could not answer (500).',
  })
})
