import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from '../testing/database-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { DatabaseUnavailable } from './connection.ts'
import { type Database, openDatabase } from './database.ts'
import { openNotifications } from './notifications.ts'

let testDatabase: TestDatabase
let proxy: DatabaseProxy
let database: Database
/** What would have ended a process that is no test. */
let uncaught: unknown[]
const note = (error: unknown) => uncaught.push(error)

beforeEach(async () => {
  uncaught = []
  process.on('uncaughtException', note)
  testDatabase = await createTestDatabase()
  proxy = await startDatabaseProxy(testDatabase.url)
})

afterEach(async () => {
  process.off('uncaughtException', note)
  expect(uncaught).toEqual([])
  await database.close()
  await proxy.close()
  // The server sleeps on for a client that is gone.
  await testDatabase.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
     where datname = current_database() and query like 'select pg_sleep%' and pid <> pg_backend_pid()`,
  )
  await testDatabase.drop()
})

const one = (from: Database) =>
  from.asSystem(async (db) => (await sql<{ one: number }>`select 1 as one`.execute(db)).rows)
const signInOne = async (from: Database) => (await sql`select 1 as one`.execute(from.signInTables())).rows

const ways = {
  'a transaction': {
    sleep: (from: Database) => from.asSystem((db) => sql`select pg_sleep(60)`.execute(db)),
    one,
  },
  'the sign-in library': {
    sleep: (from: Database) => sql`select pg_sleep(60)`.execute(from.signInTables()),
    one: signInOne,
  },
}

/** Starts some work and silences its connection as soon as its first statement was sent. */
async function fallSilentDuring<Result>(work: () => Promise<Result>): Promise<{ result: Promise<Result> }> {
  const sent = proxy.nextRequest()
  const result = work()
  result.catch(() => {})
  await sent
  proxy.freeze()
  return { result }
}

/** Waits until the server sleeps, and gives its session. */
async function sleeping(): Promise<number> {
  for (;;) {
    const [session] = await testDatabase.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and state = 'active' and query like 'select pg_sleep%'`,
    )
    if (session) return session.pid
  }
}

for (const [name, way] of Object.entries(ways)) {
  for (const how of ['reset', 'end'] as const) {
    test(`a statement of ${name} fails when its connection ends (${how}), and the next one works`, async () => {
      database = openDatabase({ url: proxy.url, maxConnections: 1 })
      const lost = expect(way.sleep(database)).rejects.toThrow(DatabaseUnavailable)
      await sleeping()
      proxy.cut(how)
      await lost
      expect(await way.one(database)).toEqual([{ one: 1 }])
    })
  }

  test(`a session of ${name} that the server ends takes its statement along, and not the next one`, async () => {
    database = openDatabase({ url: testDatabase.url, maxConnections: 1 })
    const lost = expect(way.sleep(database)).rejects.toThrow(/terminat/)
    await testDatabase.query('select pg_terminate_backend($1)', [await sleeping()])
    await lost
    expect(await way.one(database)).toEqual([{ one: 1 }])
  })

  test(`a statement of ${name} that gets no answer any more fails, and the next one works`, async () => {
    database = openDatabase({ url: proxy.url, maxConnections: 1, limits: { statement: 100, grace: 100 } })
    await way.one(database)
    const { result } = await fallSilentDuring(() => way.one(database))
    await expect(result).rejects.toThrow('The database did not answer in time.')
    expect(await way.one(database)).toEqual([{ one: 1 }])
  })
}

test('a statement on a connection that carries nothing more fails long before its time is over', async () => {
  database = openDatabase({ url: proxy.url, maxConnections: 1, limits: { suspicion: 100 } })
  await one(database)
  const { result } = await fallSilentDuring(() => one(database))
  await expect(result).rejects.toThrow('The connection to the database is dead.')
  expect(await one(database)).toEqual([{ one: 1 }])
})

const patientLimits = { connect: 600_000, queue: 600_000, statement: 600_000, grace: 600_000, lock: 600_000 }

test.each([1, 2, 3, 4, 5, 6])(
  'a dead connection is noticed although the one that looks for it falls silent at its request %i',
  async (requests) => {
    const limits = { ...patientLimits, suspicion: 100 }
    database = openDatabase({ url: proxy.url, maxConnections: 1, limits })
    await one(database)
    const { result } = await fallSilentDuring(() => one(database))
    for (let request = 0; request < requests; request++) await proxy.nextRequest()
    proxy.freeze()
    await expect(result).rejects.toThrow('The connection to the database is dead.')
    expect(await one(database)).toEqual([{ one: 1 }])
  },
)

test('where the sign-in library finds its connection dead, no statement of a transaction tries its own', async () => {
  const limits = { ...patientLimits, suspicion: 100 }
  database = openDatabase({ url: proxy.url, maxConnections: 1, limits })
  await one(database)
  await signInOne(database)
  const { result } = await fallSilentDuring(() => signInOne(database))
  await expect(result).rejects.toThrow('The connection to the database is dead.')
  expect(await one(database)).toEqual([{ one: 1 }])
})

test('a connection that falls silent while it is opened is opened again', async () => {
  const limits = { ...patientLimits, suspicion: 100 }
  database = openDatabase({ url: proxy.url, maxConnections: 1, limits })
  const { result } = await fallSilentDuring(() => one(database))
  expect(await result).toEqual([{ one: 1 }])
})

test('the locks of a transaction whose connection is dead are released', async () => {
  const limits = { ...patientLimits, suspicion: 100, systemIdleInTransaction: 600_000 }
  database = openDatabase({ url: proxy.url, limits })
  const lock = sql`select pg_advisory_xact_lock(3)`
  const stuck = database.asSystem(async (db) => {
    await lock.execute(db)
    const { result } = await fallSilentDuring(() => sql`select 1`.execute(db))
    await result
  })
  await expect(stuck).rejects.toThrow(DatabaseUnavailable)
  await database.asSystem((db) => lock.execute(db))
})

test('a statement that the server works on is waited for, however often the server is asked about it', async () => {
  database = openDatabase({ url: testDatabase.url, limits: { suspicion: 20 } })
  const slow = database.asSystem((db) => sql<{ one: number }>`select 1 as one from pg_sleep(1)`.execute(db))
  expect((await slow).rows).toEqual([{ one: 1 }])
})

test('idle connections that are dead are replaced when they are used next', async () => {
  database = openDatabase({ url: proxy.url, limits: { probe: 100, recent: 0 } })
  const many = () => Promise.all(Array.from({ length: 8 }, () => one(database)))
  await many()
  proxy.freeze()
  for (const rows of await many()) expect(rows).toEqual([{ one: 1 }])
})

test('the server ends a transaction that sends nothing, and its locks are free', async () => {
  database = openDatabase({ url: testDatabase.url, limits: { systemIdleInTransaction: 100 } })
  const lock = sql`select pg_advisory_xact_lock(1)`
  const [locked, waken] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
  const stuck = database.asSystem(async (db) => {
    await lock.execute(db)
    locked.resolve(null)
    await waken.promise
    await lock.execute(db)
  })
  const lost = expect(stuck).rejects.toThrow()
  await locked.promise
  await database.asSystem((db) => lock.execute(db))
  waken.resolve(null)
  await lost
})

test('a statement waits for a lock no longer than its limit', async () => {
  database = openDatabase({ url: testDatabase.url, limits: { lock: 100 } })
  const lock = sql`select pg_advisory_xact_lock(2)`
  await database.asSystem(async (db) => {
    await lock.execute(db)
    await expect(database.asSystem((other) => lock.execute(other))).rejects.toThrow(/lock timeout/)
  })
})

test('notifications come again after their connection fell silent', async () => {
  database = openDatabase({ url: testDatabase.url })
  const faults: string[] = []
  const notifications = openNotifications({
    url: proxy.url,
    onFault: ({ message }) => faults.push(message),
    limits: { grace: 50 },
    heartbeat: { everyMs: 50, answerMs: 50 },
  })
  let heard = 0
  notifications.on('import_job_due', () => (heard += 1))
  const hears = async () => {
    const before = heard
    await testDatabase.query(`select pg_notify('tributary_import_job_due', '')`)
    await testDatabase.query('select')
    return heard > before
  }
  try {
    await expect.poll(hears).toBe(true)
    proxy.freeze()
    await expect.poll(() => faults).toEqual(['The database did not answer in time.'])
    await expect.poll(hears).toBe(true)
  } finally {
    await notifications.close()
  }
})
