import { definePlugin, oauth2 } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const source = 'google-health'
const engines: TestEngine[] = []

async function create(options: Omit<Parameters<typeof createTestEngine>[0], 'plugins'> = {}) {
  const made = await createTestEngine({
    plugins: [...plugins, hourly],
    aliases: { hourly: 'example-service' },
    labOptions: { [source]: { unverified: true } },
    ...options,
  })
  engines.push(made)
  return made
}

/** A source that may be asked three times an hour. */
const hourly = definePlugin({
  id: 'hourly',
  name: 'Hourly',
  description: 'A score.',
  icon: '📊',
  auth: oauth2({
    authorizationUrl: 'https://hourly.test/oauth/authorize',
    tokenUrl: 'https://hourly.test/oauth/token',
    scopes: ['read_data'],
  }),
  api: {
    baseUrl: 'https://api.hourly.test',
    identify: async (http) => ({ id: (await http.get('/me')).id }),
    limits: [{ requests: 3, seconds: 3600, per: 'account' }],
  },
  fields: { score: { name: 'Score', type: 'number', unit: '{score}' } },
  streams: {
    days: {
      fields: ['score'],
      maxDaysPerRequest: 1,
      answers: 'window',
      async *fetchData({ http, from, to }) {
        yield await http.get('/data', { start: from, end: to })
      },
      mapData: (pages) =>
        pages.flatMap(({ entries }) =>
          entries.map(({ date, score }: { date: string; score: number }) => ({ date, fields: { score } })),
        ),
    },
  },
})

afterEach(async () => {
  for (const engine of engines.splice(0).reverse()) await engine.close()
})

/** When the source was asked for data, in milliseconds, by the lab's own count. */
function asked({ lab }: TestEngine, id = source) {
  const requests = lab.lab.requests(id).filter(({ path }) => !/^\/(o\/oauth2|oauth|token)/.test(path))
  return {
    moments: requests.map(({ at }) => Date.parse(at)),
    statuses: new Set(requests.map((one) => one.status)),
  }
}

/** The most of these moments that lie within any stretch of so many seconds. */
function most(moments: number[], seconds: number): number {
  return Math.max(
    ...moments.map((from) => moments.filter((at) => at >= from && at < from + seconds * 1000).length),
  )
}

async function connectWithHistory({ engine, connect }: TestEngine, user: SignedIn, historyFrom: string) {
  await connect(user, source)
  const { streams } = await engine.plugins.get(user.user.id, source)
  await engine.plugins.change(user.user.id, source, { historyFrom, streams: streams.map(({ id }) => id) })
}

async function unfinished({ database }: TestEngine) {
  return database.query(
    `select source_id, status, reason from tributary.import_jobs where status <> 'succeeded' or reason is not null`,
  )
}

test('120 days of all streams keep to both limits, and no request is ever refused', async () => {
  const tributary = await create()
  const ada = await tributary.addUser('ada@example.org')
  await connectWithHistory(tributary, ada, '2026-07-24')
  const began = tributary.clock.now()
  tributary.startWorker()
  await tributary.settled()
  const { moments, statuses } = asked(tributary)
  expect(moments.length).toBeGreaterThan(100)
  expect(statuses).toEqual(new Set([200]))
  expect(most(moments, 2)).toBe(5)
  expect(most(moments, 60)).toBeLessThanOrEqual(150)
  expect(await unfinished(tributary)).toEqual([])
  // The limit is used: this many requests take about this long.
  const seconds = began.until(tributary.clock.now()).total('seconds')
  expect(seconds).toBeLessThan((moments.length / 5) * 2.25 * 1.2 + 5)
})

test('two engines on one database keep to the limits together, and users take turns', async () => {
  const tributary = await create()
  const second = await create({ beside: tributary })
  const ada = await tributary.addUser('ada@example.org')
  const ben = await tributary.addUser('ben@example.org')
  await connectWithHistory(tributary, ada, '2026-05-24')
  tributary.startWorker({ concurrency: 2 })
  second.startWorker({ concurrency: 2 })
  await connectWithHistory(second, ben, '2026-11-01')
  await tributary.settled()
  const { moments, statuses } = asked(tributary)
  expect(statuses).toEqual(new Set([200]))
  expect(most(moments, 2)).toBe(5)
  expect(await unfinished(tributary)).toEqual([])
  // Ben's few days do not wait for the half year that Ada's history takes.
  const [ends] = await tributary.database.query<{ ada: Date; ben: Date }>(
    `select max(finished_at) filter (where user_id = $1) as ada, max(finished_at) filter (where user_id = $2) as ben
     from tributary.import_jobs`,
    [ada.user.id, ben.user.id],
  )
  expect(ends?.ben.getTime()).toBeLessThan(ends?.ada.getTime() ?? 0)
})

test('where Google has verified the app, only the limit for each account holds', async () => {
  const tributary = await create({
    labOptions: {},
    environment: { GOOGLE_HEALTH_VERIFICATION: 'verified' },
  })
  const ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2025-01-01' })
  tributary.startWorker()
  await tributary.settled()
  const { moments, statuses } = asked(tributary)
  expect(statuses).toEqual(new Set([200]))
  expect(most(moments, 2)).toBeGreaterThan(50)
  expect(most(moments, 60)).toBe(300)
  for (let minute = 0; minute < 3; minute++) {
    tributary.clock.add({ seconds: 61 })
    await tributary.settled()
  }
  expect(await unfinished(tributary)).toEqual([])
})

test('for a long limit the job waits and spends no attempt, while other jobs go on', async () => {
  const tributary = await create()
  const ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'hourly')
  await tributary.settled()
  const job = (await tributary.engine.plugins.get(ada.user.id, 'hourly')).job
  expect(job).toMatchObject({ status: 'waiting', reason: 'Hourly allows no more requests for now.' })
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
  expect((await tributary.engine.plugins.get(ada.user.id, 'fitbit')).job).toMatchObject({
    status: 'succeeded',
  })

  for (let hour = 0; hour < 2; hour++) {
    tributary.clock.add({ seconds: 3601 })
    await tributary.settled()
  }
  expect(await tributary.engine.jobs.get(ada.user.id, job?.id ?? '')).toMatchObject({ status: 'succeeded' })
  const [row] = await tributary.database.query('select failures from tributary.import_jobs where id = $1', [
    job?.id,
  ])
  expect(row).toEqual({ failures: 0 })
  // The account's name is asked for once and counts for no limit that does not say so; no day is asked for twice.
  const { moments, statuses } = asked(tributary, 'hourly')
  expect(statuses).toEqual(new Set([200]))
  expect(most(moments.slice(1), 3600)).toBe(3)
})

test('a refusal that names no time is waited for longer each time, and what was covered is not asked again', async () => {
  const tributary = await create()
  const ada = await tributary.addUser('ada@example.org')
  tributary.lab.lab.faults.add({ source, path: /\/sleep\//, times: 3, respond: { status: 429, body: {} } })
  await tributary.connect(ada, source)
  tributary.startWorker()
  await tributary.settled()
  const waits: number[] = []
  for (;;) {
    const [job] = await tributary.database.query<{ run_after: Date }>(
      `select run_after from tributary.import_jobs where status = 'waiting'`,
    )
    if (!job) break
    waits.push(Math.round((job.run_after.getTime() - tributary.clock.now().epochMilliseconds) / 1000))
    tributary.clock.set(job.run_after.toISOString())
    await tributary.settled()
  }
  expect(waits).toEqual([60, 120, 240])
  expect(await unfinished(tributary)).toEqual([])
  const twice = await tributary.database.query(
    `select job_id, stream, data_type, from_day from tributary.fetches where covered_at is not null
     group by 1, 2, 3, 4 having count(*) > 1`,
  )
  expect(twice).toEqual([])
})
