import { plugins } from '@tributary/plugins'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { createConfiguration, type Configuration } from '../configuration/configuration.ts'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { storePages, packPage, type RawPage } from '../archive/store-pages.ts'
import { createLog } from '../runtime/log.ts'
import { planRemap } from '../remap/plan-remap.ts'
import { parseKeyRing } from '../secrets/key-ring.ts'
import { Sealer } from '../secrets/sealer.ts'
import { readSettings } from '../configuration/settings.ts'
import { createRegistry, type Registry } from '../sources/registry.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { pruneAnswers } from './prune-answers.ts'

const source = 'fitbit'
const accountId = 'one'
let tributary: TestEngine
let admin: SignedIn
let database: Database
let configuration: Configuration
let registry: Registry
const now = Temporal.Instant.from('2026-11-20T12:00:00Z')

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  admin = await tributary.addUser('ada@example.org', 'admin')
  database = openDatabase({ url: tributary.database.url })
  configuration = createConfiguration(database, new Sealer(parseKeyRing(tributary.keys)), readSettings({}))
  const host = {
    values: () => Promise.resolve({}),
    fetch: () => () => Promise.reject(new Error('nobody is asked')),
  }
  registry = await createRegistry(
    plugins.map((plugin) => ({ plugin, file: 'a test' })),
    host,
  )
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

beforeEach(() => empty())

async function empty(): Promise<void> {
  errors.length = 0
  await tributary.database.query('update tributary.retention_runs set done_day = null, lease_until = null')
  for (const table of ['fetches', 'uploads', 'raw_bodies'])
    await tributary.database.query(`delete from tributary.${table}`)
}

const errors: { user?: string; step?: string }[] = []
const log = createLog('error', { write: (line: string) => errors.push(JSON.parse(line) as object) })

const prune = (isStopped = () => false) =>
  pruneAnswers({ database, configuration, registry, log }, now, isStopped)

interface Made {
  from: string
  to: string
  /** Days before now. */
  age: number
  complete?: boolean
  body?: string
  upload?: string
  stream?: string
  sourceId?: string
  account?: string
  userId?: string
}

/** Makes a fetch with one page, and gives its id. */
async function make({
  from,
  to,
  age,
  complete = true,
  body = 'an answer',
  upload,
  stream = 'activity',
  sourceId = source,
  account = accountId,
  userId = admin.user.id,
}: Made): Promise<string> {
  const at = now.subtract({ hours: age * 24 }).toString()
  const [row] = await tributary.database.query<{ id: string }>(
    `with body as (insert into tributary.raw_bodies (user_id, hash, body, body_bytes) values ($1, sha256($8), $8, 9)
       on conflict do nothing),
     made as (insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day, started_at,
         completed_at, covered_at, upload_id)
       values ($1, $2, $3, $10, $4, $5, $6, $7, $7, $9) returning id),
     page as (insert into tributary.raw_pages (fetch_id, page, user_id, hash) select id, 0, $1, sha256($8) from made)
     select id from made`,
    [
      userId,
      sourceId,
      account,
      from,
      to,
      at,
      complete ? at : null,
      Buffer.from(body),
      upload ?? null,
      stream,
    ],
  )
  return row?.id ?? ''
}

const kept = async (table = 'fetches', column = 'id') => {
  const rows = await tributary.database.query<{ id: string }>(
    `select ${column} as id from tributary.${table} order by 1`,
  )
  return rows.map(({ id }) => id)
}

const plan = () =>
  database.asUser(admin.user.id, (db) =>
    planRemap(db, { userId: admin.user.id, sourceId: source, accountId }, 'UTC'),
  )

test('what was asked in another zone is of other hours, and replaces nothing', async () => {
  const days = { from: '2026-11-01', to: '2026-11-03' }
  const there = await make({ ...days, age: 20 })
  await tributary.database.query(`update tributary.fetches set zone = 'Europe/Berlin'`)
  const here = await make({ ...days, age: 19 })
  await tributary.database.query(`update tributary.fetches set zone = 'Asia/Tokyo' where id = $1`, [here])
  await prune()
  expect(await kept()).toEqual([there, here])
})

test('what broke off or was replaced on all of its days goes after seven days, with bodies that no page names', async () => {
  const week = { from: '2026-10-01', to: '2026-10-07' }
  await make({ ...week, age: 30, complete: false, body: 'broken' })
  const lately = await make({ ...week, age: 6, complete: false, body: 'lately' })
  await make({ ...week, age: 20, body: 'replaced' })
  const first = await make({ from: '2026-10-01', to: '2026-10-03', age: 10, body: 'both' })
  const second = await make({ from: '2026-10-04', to: '2026-10-09', age: 9, body: 'both' })
  const incomplete = await make({ ...week, age: 1, complete: false, body: 'incomplete' })
  expect(await prune()).toBe(true)
  expect(await kept()).toEqual([lately, first, second, incomplete])
  expect(await kept('raw_bodies', "convert_from(body, 'UTF8')")).toEqual(['both', 'incomplete', 'lately'])
})

test('only what was answered for the same stream, account, source and user replaces an answer', async () => {
  const week = { from: '2026-10-01', to: '2026-10-07' }
  const [upload] = await tributary.database.query<{ id: string }>(
    `insert into tributary.uploads (user_id, source_id, layer, file_name) values ($1, $2, 2, 'b.csv') returning id`,
    [admin.user.id, source],
  )
  // No answer replaces a file.
  const file = await make({ ...week, age: 31, upload: upload?.id ?? '' })
  const old = await make({ ...week, age: 30 })
  const ben = (await tributary.addUser('ben@example.org')).user.id
  const others = [
    await make({ ...week, age: 9, stream: 'sleep' }),
    await make({ ...week, age: 9, account: 'other' }),
    await make({ ...week, age: 9, sourceId: 'google-fit' }),
    await make({ ...week, age: 9, userId: ben }),
  ]
  expect(await prune()).toBe(true)
  expect(await kept()).toEqual([file, old, ...others])
})

test('it is done for every user, and by the scheduler', async () => {
  const week = { from: '2026-10-01', to: '2026-10-07' }
  const cy = (await tributary.addUser('cy@example.org')).user.id
  await make({ ...week, age: 30, complete: false })
  await make({ ...week, age: 30, complete: false, userId: cy, body: 'of cy' })
  const scheduler = tributary.engine.startScheduler()
  await expect.poll(() => kept('raw_bodies', 'user_id')).toEqual([])
  await scheduler.stop()
  expect(await kept()).toEqual([])
})

test('a body stays that is named again while bodies are removed that nothing names', async () => {
  await make({ from: '2026-10-01', to: '2026-10-07', age: 30, complete: false, body: 'again' })
  const fetch = await make({ from: '2026-10-08', to: '2026-10-09', age: 1 })
  const [named, release] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
  const keeping = database.asUser(admin.user.id, async (db) => {
    await storePages(db, admin.user.id, fetch, [await packed('again')])
    named.resolve(null)
    await release.promise
  })
  await named.promise
  const pruned = prune()
  const waiting = () =>
    tributary.database.query(`select from pg_locks where not granted and locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`)
  try {
    await expect.poll(async () => (await waiting()).length).toBe(1)
  } finally {
    release.resolve(null)
    await keeping
  }
  expect(await pruned).toBe(true)
  expect(await kept('raw_bodies', "convert_from(body, 'UTF8')")).toEqual(['again', 'an answer'])
})

/** A page whose body is stored as `make` stores it. */
async function packed(body: string): Promise<RawPage> {
  const raw = Buffer.from(body)
  return { ...(await packPage(1, raw)), body: raw }
}

test('any number of processes do it once a day', async () => {
  expect((await Promise.all([prune(), prune(), prune()])).filter(Boolean)).toHaveLength(1)
  expect(await pruneAnswers({ database, configuration, registry, log }, now.add({ hours: 24 }))).toBe(true)
})

test('what remains is what a remap reads: its windows are the same before and after', async () => {
  const fetched = fc.record({
    from: fc.nat({ max: 12 }),
    length: fc.nat({ max: 6 }),
    age: fc.nat({ max: 20 }),
    complete: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fetched, { maxLength: 8 }), async (asked) => {
      await empty()
      for (const { from, length, age, complete } of asked) {
        const first = addDays('2026-10-01', from)
        await make({ from: first, to: addDays(first, length), age, complete })
      }
      const before = await plan()
      await prune()
      expect(await plan()).toEqual(before)
    }),
    { numRuns: 30 },
  )
})

test('an admin has answers kept for some days; older ones go, are known as gone, and are not read again', async () => {
  const { engine } = tributary
  const key = `plugin.${source}.keep_raw_days`
  await expect(engine.admin.configure(admin.user.id, { [key]: '0' })).rejects.toMatchObject({ status: 422 })
  const { plugins: settings } = await engine.admin.configure(admin.user.id, { [key]: '90' })
  const shown = settings
    .flatMap((plugin) => plugin.settings)
    .filter((one) => one.key.endsWith('keep_raw_days'))
  expect(shown.find((one) => one.key === key)).toMatchObject({ label: 'Keep raw responses', value: '90' })
  expect(shown.map((one) => one.key)).not.toContain('plugin.csv.keep_raw_days')
  const [upload] = await tributary.database.query<{ id: string }>(
    `insert into tributary.uploads (user_id, source_id, layer, file_name) values ($1, $2, 1, 'a.csv') returning id`,
    [admin.user.id, source],
  )
  const old = await make({ from: '2026-05-01', to: '2026-05-31', age: 91, body: 'old' })
  const file = await make({
    from: '2026-05-01',
    to: '2026-05-31',
    age: 200,
    body: 'file',
    upload: upload?.id ?? '',
  })
  const young = await make({ from: '2026-06-01', to: '2026-06-30', age: 89, body: 'young' })
  const other = await make({
    from: '2026-05-01',
    to: '2026-05-31',
    age: 300,
    body: 'other',
    sourceId: 'google-fit',
  })
  await prune()
  expect(await kept()).toEqual([old, file, young, other])
  expect(await kept('raw_pages', 'fetch_id')).toEqual([file, young, other])
  expect(await kept('raw_bodies', "convert_from(body, 'UTF8')")).toEqual(['file', 'other', 'young'])
  expect((await plan()).map(({ fetchId }) => fetchId)).toEqual([young])
  await engine.admin.configure(admin.user.id, { [key]: null })
})

const days = { from: '2026-10-01', to: '2026-10-02' }

/** Makes a table refuse to delete the rows that a condition names, until the test ends. */
async function refuseDeletes(table: string, condition = 'true'): Promise<void> {
  await tributary.database.query(`
    create function tributary.refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
    create trigger refuse before delete on tributary.${table} for each row
      when (${condition}) execute function tributary.refuse()`)
  onTestFinished(async () => {
    await tributary.database.query(`drop function tributary.refuse cascade`)
  })
}

test('what fails for one user is logged and done for the others all the same', async () => {
  const dan = await tributary.addUser('dan@example.org')
  await make({ ...days, age: 30, complete: false })
  await make({ ...days, age: 30, complete: false, userId: dan.user.id })
  await refuseDeletes('fetches', `old.user_id = '${admin.user.id}'`)
  expect(await prune()).toBe(true)
  expect(await kept('fetches', 'user_id')).toEqual([admin.user.id])
  expect(errors).toMatchObject([{ user: admin.user.id, step: 'fetches' }])
})

/** Makes a job that has ended long ago, beside 200 newer ones that are kept anyway. */
async function addOldJob(): Promise<void> {
  await tributary.connect(admin, source)
  await tributary.database.query(
    `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, priority, run_after, created_at)
     select c.user_id, c.id, c.source_id, 'schedule', '2026-01-01', '2026-01-07', 'succeeded', 30, at, at
     from tributary.user_integrations c, generate_series(0, 201) as n,
       lateral (select $1::timestamptz - make_interval(days => case when n > 200 then 100 else 0 end) as at) as moment
     where c.user_id = $2`,
    [now.toString(), admin.user.id],
  )
  onTestFinished(async () => {
    await tributary.database.query('delete from tributary.import_jobs')
  })
}

const oldJobs = async () => {
  const rows = await tributary.database.query(
    `select from tributary.import_jobs where created_at < $1::timestamptz - interval '90 days'`,
    [now.toString()],
  )
  return rows.length
}

test.each([
  ['fetches', { fetches: 1, raw_bodies: 1, old: 0 }],
  ['raw_bodies', { fetches: 0, raw_bodies: 2, old: 0 }],
  ['import_jobs', { fetches: 0, raw_bodies: 0, old: 1 }],
])('deletes that fail in %s keep nothing else from being removed', async (table, left) => {
  await addOldJob()
  await make({ ...days, age: 30, complete: false, body: 'broken' })
  await tributary.database.query(
    `insert into tributary.raw_bodies values ($1, sha256('unnamed'), 'unnamed', 7)`,
    [admin.user.id],
  )
  await refuseDeletes(table)
  expect(await prune()).toBe(true)
  const rows = { fetches: (await kept()).length, raw_bodies: (await kept('raw_bodies', 'hash')).length }
  expect({ ...rows, old: await oldJobs() }).toEqual(left)
  expect(errors).toHaveLength(1)
})

test('pruning that was stopped or killed is continued on the same day', async () => {
  await make({ ...days, age: 30, complete: false })
  await prune(() => true)
  expect(await kept()).toHaveLength(1)
  await tributary.database.query(
    `update tributary.retention_runs set lease_until = now() + interval '1 minute'`,
  )
  expect(await prune()).toBe(false)
  await tributary.database.query(
    `update tributary.retention_runs set lease_until = now() - interval '1 second'`,
  )
  expect(await prune()).toBe(true)
  expect(await kept()).toEqual([])
  expect(await prune()).toBe(false)
})

test('events of 30 days are removed, younger ones stay', async () => {
  await tributary.database.query(
    `insert into tributary.events (user_id, kind, payload, created_at)
     select $1, 'job-changed', jsonb_build_object('age', age), $2::timestamptz - make_interval(days => age)
     from unnest('{29,31}'::integer[]) as age`,
    [admin.user.id, now.toString()],
  )
  await prune()
  const left = await tributary.database.query(
    `select payload ->> 'age' as age from tributary.events where payload ? 'age'`,
  )
  expect(left).toEqual([{ age: '29' }])
})

test('imports are scheduled while pruning waits', async () => {
  await tributary.connect(admin, source)
  await tributary.database.query('delete from tributary.import_jobs')
  await make({ ...days, age: 30, complete: false })
  const release = Promise.withResolvers<null>()
  const locked = Promise.withResolvers<null>()
  const locking = database.asUser(admin.user.id, async (db) => {
    await db.selectFrom('fetches').select('id').forUpdate().execute()
    locked.resolve(null)
    await release.promise
  })
  await locked.promise
  const before = tributary.clock.now()
  tributary.clock.add({ hours: 1 })
  const scheduler = tributary.engine.startScheduler()
  try {
    const jobs = () => tributary.database.query('select from tributary.import_jobs')
    await expect.poll(async () => (await jobs()).length).toBe(1)
    expect(await kept()).toHaveLength(1)
  } finally {
    release.resolve(null)
    await locking
    await scheduler.stop()
    tributary.clock.set(before.toString())
  }
})
