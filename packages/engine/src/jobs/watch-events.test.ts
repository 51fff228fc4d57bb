import { plugins } from '@tributary/plugins'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { type Notifications, openNotifications } from '../database/notifications.ts'
import type { Job, SignedIn, ValuesChanged } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createWatches, type Watches } from './watch-events.ts'

let tributary: TestEngine
let database: Database
let notifications: Notifications
let watches: Watches
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  notifications = openNotifications({ url: tributary.database.url, onFault: () => {} })
  watches = createWatches({ database, notifications, log: pino({ level: 'silent' }) }, 20)
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
})

/** Resolves when words are heard; what is said before is lost. */
async function listening(): Promise<void> {
  let heard = false
  const silence = notifications.on('event_written', () => (heard = true))
  const say = async () => {
    await tributary.database.query(`select pg_notify('tributary_event_written', '')`)
    return heard
  }
  await expect.poll(say).toBe(true)
  silence()
}

afterAll(async () => {
  watches.end()
  await notifications.close()
  await database.close()
  await tributary.close()
})

async function watch(userId: string, by = watches, after?: string) {
  const jobs: Job[] = []
  const values: ValuesChanged[] = []
  const cursors: string[] = []
  let ended = false
  const into =
    <Item>(list: Item[]) =>
    async (item: Item) =>
      void list.push(item)
  const end = await by.watch(
    userId,
    {
      jobChanged: into(jobs),
      valuesChanged: into(values),
      reached: into(cursors),
      ended: () => (ended = true),
    },
    after,
  )
  return { jobs, values, cursors, end, isEnded: () => ended }
}

test('an import is told from its request to its end, its counts growing, and to its user alone', async () => {
  await listening()
  // By notifications alone, which no sweep makes good.
  const log = pino({ level: 'silent' })
  const byNotice = createWatches({ database, notifications, log }, 1_000_000)
  const [mine, other] = [await watch(ada.user.id, byNotice), await watch(ben.user.id, byNotice)]
  await tributary.connect(ada, 'fitbit')
  await expect.poll(() => mine.jobs.map(({ status }) => status)).toContain('queued')
  // While its connection is held no job can end, however fast it is.
  const owner = new pg.Client({ connectionString: tributary.database.url })
  await owner.connect()
  await owner.query('begin; select from tributary.user_integrations for no key update')
  tributary.startWorker()
  const isLive = ({ status, counts }: Job) => status === 'running' && counts.read > 0
  try {
    await expect.poll(() => mine.jobs.some(isLive)).toBe(true)
  } finally {
    await owner.end()
  }
  const ends = () => mine.jobs.filter(({ finishedAt }) => finishedAt !== null)
  await expect.poll(() => ends().length).toBeGreaterThan(0)
  const first = ends()[0]
  const told = mine.jobs.filter(({ id }) => id === first?.id)
  const reads = told.map(({ counts }) => counts.read)
  expect(reads).toEqual([...reads].sort((one, next) => one - next))
  expect(Object.keys(first?.streams ?? {})).toContain('activity')
  await tributary.settled()
  mine.end()
  other.end()
  expect(mine.isEnded()).toBe(true)
  expect(other.jobs).toEqual([])
})

test('who begins to watch is told of what is under way, and of an end whose notification was lost', async () => {
  const insert = `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, priority,
      run_after) select user_id, id, source_id, 'manual', '2026-05-01', '2026-05-01', 10, '2100-01-01'
    from tributary.user_integrations where user_id = $1 returning id`
  const [row] = await tributary.database.query<{ id: string }>(insert, [ada.user.id])
  const { jobs, end } = await watch(ada.user.id)
  await expect.poll(() => jobs.map(({ id, status }) => [id, status])).toEqual([[row?.id, 'queued']])
  await tributary.database.query(
    `with ended as (
      update tributary.import_jobs set status = 'cancelled', finished_at = now() where id = $1 returning id, user_id, status
    ) insert into tributary.events (user_id, kind, payload)
      select user_id, 'job-changed', jsonb_build_object('jobId', id, 'status', status) from ended`,
    [row?.id],
  )
  await expect.poll(() => jobs.map(({ status }) => status)).toEqual(['queued', 'cancelled'])
  end()
})

test('who was cut off and comes back after the last place that it reached misses neither ends nor values', async () => {
  const before = await watch(ada.user.id)
  await expect.poll(() => before.cursors.length).toBeGreaterThan(0)
  before.end()
  const job = await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})
  await tributary.settled()
  await tributary.engine.metrics.enter(ada.user.id, { metric: 'fitbit.steps', date: '2026-10-01', value: 5 })
  const [fresh, back] = [
    await watch(ada.user.id),
    await watch(ada.user.id, watches, before.cursors.at(-1) ?? ''),
  ]
  await expect.poll(() => back.values.map(({ cause }) => cause)).toContain('manual')
  expect(back.values.at(-1)?.metrics[0]).toEqual({
    metric: 'fitbit.steps',
    from: '2026-10-01',
    to: '2026-10-01',
    count: 1,
  })
  expect(back.jobs.find(({ id }) => id === job.id)?.status).toBe('succeeded')
  await expect.poll(() => fresh.cursors.length).toBeGreaterThan(0)
  expect(fresh.values).toEqual([])
  fresh.end()
  back.end()
})

test('one user watches from six places at most, another is not hindered, and the end ends all', async () => {
  const six = await Promise.all(Array.from({ length: 6 }, () => watch(ada.user.id)))
  await expect(watch(ada.user.id)).rejects.toThrow(/6 places/)
  const other = await watch(ben.user.id)
  six[0]?.end()
  six[0]?.end()
  const again = await watch(ada.user.id)
  watches.end()
  expect([...six, other, again].every(({ isEnded }) => isEnded())).toBe(true)
  await expect(watch(ada.user.id)).rejects.toThrow('Tributary is ending.')
})
