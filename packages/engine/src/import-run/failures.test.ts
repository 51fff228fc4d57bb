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
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { historyFrom: '2026-08-20' })
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

async function values() {
  return tributary.engine.metrics.daily(ada.user.id, { from: '2026-11-01', to: '2026-11-20' })
}

/** A request that does not wait for its end: a retry takes longer than a test should. */
const syncOnce = () => tributary.sync(ada, 'fitbit')

test.each([
  [
    'an HTML page with status 200',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' },
  ],
  ['JSON of another form', { status: 200, body: { hello: 'world' } }],
  ['an empty object', { status: 200, body: {} }],
  ['an answer that breaks off', 'truncate' as const],
  ['a server error', { status: 502, body: {} }],
])(
  '%s is an error: nothing is removed, the other streams go on, and the job does not succeed',
  async (_, respond) => {
    const before = await values()
    tributary.lab.lab.faults.add({ source: 'fitbit', path: /activities\/steps/, times: 1, respond })
    const job = await syncOnce()
    expect(job.status).toBe('retrying')
    expect(job.counts.removed).toBe(0)
    expect(job.counts.unchanged).toBeGreaterThan(0)
    expect(await values()).toEqual(before)
    tributary.clock.add({ seconds: 10 })
    await tributary.settled()
    expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({ status: 'succeeded' })
  },
)

test('a stream that failed is not asked for its other days before the next attempt', async () => {
  const asked = () => tributary.lab.lab.requests('fitbit').filter(({ path }) => path.includes('/hrv/')).length
  const before = asked()
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /hrv/, times: 1, respond: { status: 500 } })
  // Thirty days are asked at a time.
  const days = { startDate: '2026-08-22', endDate: '2026-11-19' }
  const job = await tributary.sync(ada, 'fitbit', days)
  expect(job).toMatchObject({ status: 'retrying' })
  expect(asked()).toBe(before + 1)
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(asked()).toBe(before + 4)
})

test('a stream that fails every time ends the job as partial, with the reason', async () => {
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /activities\/steps/,
    times: 50,
    respond: { status: 500 },
  })
  let job = await syncOnce()
  for (let attempt = 0; attempt < 10 && job.status === 'retrying'; attempt++) {
    tributary.clock.add({ hours: 1 })
    await tributary.settled()
    job = await tributary.engine.jobs.get(ada.user.id, job.id)
  }
  expect(job).toMatchObject({ status: 'partial', reason: 'Fitbit could not answer (500).' })
})

test('a limit means waiting until it is lifted, spends no attempt, and takes back nothing', async () => {
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /sleep/,
    respond: { status: 429, headers: { 'Fitbit-Rate-Limit-Reset': '1200' }, body: {} },
  })
  const askedForSteps = () =>
    tributary.lab.lab.requests('fitbit').filter(({ path }) => path.includes('activities/steps')).length
  const before = askedForSteps()
  const job = await syncOnce()
  expect(job).toMatchObject({ status: 'waiting', reason: 'Fitbit allows no more requests for now.' })
  const wait = tributary.clock.now().until(Temporal.Instant.from(job.continuesAt ?? ''))
  expect(wait.total('seconds')).toBe(1200)
  expect(job.counts.unchanged).toBeGreaterThan(0)
  // Nothing else was asked once it was refused.
  expect(tributary.lab.lab.requests('fitbit').at(-1)?.path).toContain('/sleep/')
  tributary.clock.add({ minutes: 19 })
  await tributary.settled()
  expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({ status: 'waiting' })
  tributary.clock.add({ minutes: 2 })
  await tributary.settled()
  expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({
    status: 'succeeded',
    continuesAt: null,
  })
  const [row] = await tributary.database.query('select failures from tributary.import_jobs where id = $1', [
    job.id,
  ])
  expect(row).toEqual({ failures: 0 })
  // What came before the limit was kept, and is not asked for again.
  expect(askedForSteps()).toBe(before + 1)
})

test.each([
  [{ 'retry-after': '45' }, 45],
  [{ 'retry-after': '45', 'Fitbit-Rate-Limit-Reset': '90' }, 90],
  [{ 'Fitbit-Rate-Limit-Reset': '1795176300' }, 300],
  [{ 'retry-after': 'rubbish' }, 60],
])('a limit that is told by %j is waited for %i seconds', async (headers, seconds) => {
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /sleep/,
    respond: { status: 429, headers, body: {} },
  })
  const job = await syncOnce()
  const wait = tributary.clock.now().until(Temporal.Instant.from(job.continuesAt ?? ''))
  expect(wait.total('seconds')).toBe(seconds)
})

test('an import that breaks here writes nothing, does not succeed, and is tried again', async () => {
  const before = await values()
  await tributary.database.query(`
    create function tributary.break() returns trigger language plpgsql as
      $$ begin raise exception 'the disk is full'; end $$;
    create trigger break before update on tributary.coverage for each statement execute function tributary.break()`)
  const answer = { 'activities-steps': [{ dateTime: '2026-11-18', value: '12345' }] }
  const respond = { status: 200, body: answer }
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /activities\/steps/, times: 2, respond })
  const days = { startDate: '2026-11-18', endDate: '2026-11-18' }
  const job = await tributary.sync(ada, 'fitbit', days)
  expect(job).toMatchObject({
    status: 'retrying',
    reason: 'Something went wrong here; the import is tried again.',
    counts: { changed: 0 },
  })
  expect(await values()).toEqual(before)
  await tributary.database.query('drop trigger break on tributary.coverage')
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({
    status: 'succeeded',
    counts: { changed: 1 },
  })
})

test('a source that answers 410 is retired and never tried again', async () => {
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /\/1/, times: 1, respond: { status: 410 } })
  const job = await syncOnce()
  expect(job).toMatchObject({ status: 'failed' })
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'retired' })
  await expect(tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})).rejects.toMatchObject({
    code: 'retired',
  })
})

test('what was not granted is said, and the rest is imported', async () => {
  const ben = await tributary.addUser('ben@example.org')
  await tributary.connect(ben, 'fitbit', { scopes: ['activity', 'heartrate'] })
  await tributary.settled()
  const status = await tributary.engine.plugins.get(ben.user.id, 'fitbit')
  expect(status).toMatchObject({ state: 'connected', job: { status: 'succeeded' } })
  expect(status.job?.reason).toMatch(/Sleep.*not shared by you/)
  expect(status.streams).toContainEqual(expect.objectContaining({ id: 'sleep', granted: false }))
  const { days } = await tributary.engine.metrics.daily(ben.user.id, { from: '2026-11-19', to: '2026-11-19' })
  expect(days[0]?.values['fitbit.steps']).toBeGreaterThan(0)
})

test('where nothing is allowed or switched on no job succeeds, and each says what to do', async () => {
  const { plugins } = tributary.engine
  await plugins.change(ada.user.id, 'fitbit', { streams: [] })
  expect(await syncOnce()).toMatchObject({ status: 'failed', reason: expect.stringMatching(/switch one on/) })
  await plugins.change(ada.user.id, 'fitbit', { streams: ['sleep'] })
  expect(await syncOnce()).toMatchObject({ status: 'succeeded', reason: null })
  await tributary.database.query(`update tributary.user_integrations set scopes = '{}'`)
  expect(await syncOnce()).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/^Sleep: not shared by you\. Reconnect/),
  })
  expect(await plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'connected' })
})

test('corrections and deletions at the source arrive', async () => {
  const answer = (value: string) => ({
    status: 200,
    body: { 'activities-steps': [{ dateTime: '2026-11-18', value }] },
  })
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /activities\/steps/,
    respond: answer('12345'),
    times: 2,
  })
  const job = await tributary.sync(ada, 'fitbit', { startDate: '2026-11-17', endDate: '2026-11-19' })
  expect(job).toMatchObject({ status: 'succeeded', counts: { changed: 1, removed: 2, new: 0 } })
  const { days } = await tributary.engine.metrics.daily(ada.user.id, {
    from: '2026-11-16',
    to: '2026-11-19',
    metrics: ['fitbit.steps', 'metric.steps'],
  })
  expect(days.map(({ values: v }) => v['fitbit.steps']).slice(1)).toEqual([null, 12345, null])
  expect(days.map(({ values: v }) => v['metric.steps'])).toEqual(
    days.map(({ values: v }) => v['fitbit.steps']),
  )
  expect(days[0]?.values['fitbit.steps']).toBeGreaterThan(0)
})
