import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Database, openDatabase } from './database.ts'

let testDatabase: TestDatabase
let database: Database

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase({ url: testDatabase.url, maxConnections: 1 })
})

afterAll(async () => {
  await database.close()
  await testDatabase.drop()
})

test('a connection that the server ends takes its transaction along, and neither the process nor the next one', async () => {
  const lost = database.asSystem((db) => sql`select pg_sleep(60)`.execute(db))
  const refusal = expect(lost).rejects.toThrow(/terminat/)
  for (let ended: object[] = []; ended.length === 0;)
    ended = await testDatabase.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like 'select pg_sleep%'`,
    )
  await refusal
  const { rows } = await database.asSystem((db) => sql<{ one: number }>`select 1 as one`.execute(db))
  expect(rows).toEqual([{ one: 1 }])
})
