import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Database, openDatabase, type Transaction } from './database.ts'
import { together } from './together.ts'

let own: TestDatabase
let database: Database

beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase({ url: own.url, maxConnections: 1 })
})

afterAll(async () => {
  await database.close()
  await own.drop()
})

const one = (db: Transaction) => sql`select 1 as one`.execute(db)
const fail = (db: Transaction) => sql`select 1 / 0`.execute(db)

test('every statement of work that fails belongs to its own transaction', async () => {
  const steps: string[] = []
  const threeSteps = async (db: Transaction) => {
    for (const step of ['first', 'second', 'third']) {
      await one(db).catch(() => {})
      steps.push(step)
    }
  }
  await database
    .asSystem((db) => together([fail(db), threeSteps(db)]))
    .catch((error: Error) => steps.push(error.message))
  expect(steps).toEqual(['first', 'second', 'third', 'division by zero'])
})

test('the results come in the order of the statements', async () => {
  const both = (db: Transaction) => together([one(db), sql`select 2 as two`.execute(db)])
  const [first, second] = await database.asSystem(both)
  expect([first.rows, second.rows]).toEqual([[{ one: 1 }], [{ two: 2 }]])
})

test('a transaction that cannot begin runs nothing of its work', async () => {
  await own.query(`create table tributary.noted (what text)`)
  await own.query(`grant insert on tributary.noted to tributary_app, tributary_system`)
  const refused = openDatabase({ url: own.url, limits: { systemIdleInTransaction: -1 } })
  const note = refused.asSystem((db) => sql`insert into noted values ('after a failed begin')`.execute(db))
  await expect(note).rejects.toThrow('idle_in_transaction_session_timeout')
  expect(await own.query('select * from tributary.noted')).toEqual([])
  await refused.close()
})
