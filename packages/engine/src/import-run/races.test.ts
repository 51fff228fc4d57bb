import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { type Hourly, hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const day = '2026-11-18'

let tributary: TestEngine
let ada: SignedIn
let owner: pg.Client
let says: Hourly

beforeEach(async () => {
  says = { value: 1 }
  tributary = await createTestEngine({
    plugins: [hourlyPlugin(says)],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyPaused: true })
  await tributary.settled()
  owner = new pg.Client({ connectionString: tributary.database.url })
  await owner.connect()
})

afterEach(async () => {
  await owner.end()
  await tributary.close()
})

async function steps(metric = 'example.steps') {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, {
    from: day,
    to: day,
    metrics: [metric],
  })
  return days[0]?.values[metric] ?? null
}

/** Until so many wait for a lock that another has. */
async function waiters(count: number): Promise<void> {
  for (;;) {
    const [row] = await tributary.database.query<{ waiting: number }>(
      `select count(*)::integer as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if ((row?.waiting ?? 0) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Begins an import that changes every value, and stops it where it has written them and not yet what is covered. */
async function importHalfWay() {
  says.value = 2
  await owner.query('begin; lock table tributary.coverage in share mode')
  const importing = tributary.engine.plugins.sync(ada.user.id, 'example', {})
  await waiters(1)
  return importing
}

async function goOn(): Promise<void> {
  await waiters(2)
  await owner.query('commit')
}

test('the zone changes after what an import is writing, and no day is left as it was cut before', async () => {
  const importing = importHalfWay()
  await waiters(1)
  const changing = tributary.engine.accounts.setTimeZone(ada.user.id, 'Asia/Tokyo')
  await Promise.all([goOn(), changing, importing])
  await tributary.settled()
  expect(await steps()).toBe(48)
  const jobs = await tributary.engine.jobs.list(ada.user.id)
  expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(['succeeded']))
})

test('a source is disconnected and its data removed while an import writes them', async () => {
  const importing = importHalfWay()
  await waiters(1)
  const leaving = tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: true })
  await Promise.all([goOn(), leaving, importing])
  await tributary.settled()
  expect(await steps()).toBeNull()
  expect(await tributary.database.query('select from tributary.series')).toEqual([])
  expect(await tributary.database.query('select from tributary.measurements')).toEqual([])
})

test('what a person enters while an import writes the same day is not lost to it', async () => {
  await owner.query('begin')
  await owner.query(
    `select from tributary.daily_metric_values where metric_name = 'example.steps' and day = $1 for update`,
    [day],
  )
  const entering = tributary.engine.metrics.enter(ada.user.id, {
    metric: 'example.steps',
    date: day,
    value: 7,
  })
  await waiters(1)
  says.value = 2
  const importing = tributary.engine.plugins.sync(ada.user.id, 'example', {})
  await Promise.all([goOn(), entering, importing])
  await tributary.settled()
  expect(await steps()).toBe(7)
  expect(await steps('metric.steps')).toBe(7)
})
