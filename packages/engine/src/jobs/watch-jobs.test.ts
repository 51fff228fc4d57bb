import { plugins } from '@tributary/plugins'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { type Notifications, openNotifications } from '../database/notifications.ts'
import type { Job, SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createJobWatches, type JobWatches } from './watch-jobs.ts'

let tributary: TestEngine
let database: Database
let notifications: Notifications
let watches: JobWatches
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  notifications = openNotifications({ url: tributary.database.url, onFault: () => {} })
  watches = createJobWatches({ database, notifications, log: pino({ level: 'silent' }) }, 20)
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
})

/** Resolves when words are heard; what is said before is lost. */
async function listening(): Promise<void> {
  let heard = false
  const silence = notifications.on('import_job_changed', () => (heard = true))
  const say = async () => {
    await tributary.database.query(`select pg_notify('tributary_import_job_changed', '')`)
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

function watch(userId: string, by = watches) {
  const jobs: Job[] = []
  let ended = false
  const end = by.watch(userId, {
    changed(job) {
      jobs.push(job)
      return Promise.resolve()
    },
    ended: () => (ended = true),
  })
  return { jobs, end, isEnded: () => ended }
}

test('an import is told from its request to its end, its counts growing, and to its user alone', async () => {
  await listening()
  // By words alone, which no sweep makes good.
  const log = pino({ level: 'silent' })
  const byWords = createJobWatches({ database, notifications, log }, 1_000_000)
  const [mine, other] = [watch(ada.user.id, byWords), watch(ben.user.id, byWords)]
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

test('who begins to watch is told of what is under way, and of an end whose word was lost', async () => {
  const insert = `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, priority,
      run_after) select user_id, id, source_id, 'manual', '2026-05-01', '2026-05-01', 10, '2100-01-01'
    from tributary.user_integrations where user_id = $1 returning id`
  const [row] = await tributary.database.query<{ id: string }>(insert, [ada.user.id])
  const { jobs, end } = watch(ada.user.id)
  await expect.poll(() => jobs.map(({ id, status }) => [id, status])).toEqual([[row?.id, 'queued']])
  await tributary.database.query(
    `update tributary.import_jobs set status = 'cancelled', finished_at = now() where id = $1`,
    [row?.id],
  )
  await expect.poll(() => jobs.map(({ status }) => status)).toEqual(['queued', 'cancelled'])
  end()
})

test('one user watches from six places at most, another is not hindered, and the end ends all', () => {
  const six = Array.from({ length: 6 }, () => watch(ada.user.id))
  expect(() => watch(ada.user.id)).toThrow(/six places|6 places/)
  const other = watch(ben.user.id)
  six[0]?.end()
  six[0]?.end()
  const again = watch(ada.user.id)
  watches.end()
  expect([...six, other, again].every(({ isEnded }) => isEnded())).toBe(true)
  expect(() => watch(ada.user.id)).toThrow('Tributary is ending.')
})
