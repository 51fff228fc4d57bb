import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Database, openDatabase } from './database.ts'
import { nameStatement } from './name-statement.ts'

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

const settingsOf = (keys: string[]) =>
  database.asSystem(async (db) => {
    const { rows } = await sql<object>`select * from system_config where key = any(${keys}::text[])`.execute(
      db,
    )
    return rows
  })

test('a statement has a name of its own from its second time on', () => {
  const [once, again] = ['select 1 where $1', 'select 2 where $1']
  expect([nameStatement(once), nameStatement(again)]).toEqual([undefined, undefined])
  const [first, second] = [nameStatement(once), nameStatement(again)]
  expect(first).toMatch(/^tributary_\d+$/)
  expect(second).toMatch(/^tributary_\d+$/)
  expect(first).not.toBe(second)
  expect([nameStatement(once), nameStatement(again)]).toEqual([first, second])
})

test('a connection prepares what comes again, and not what came once', async () => {
  for (let time = 0; time < 3; time++) await settingsOf(['a'])
  const { rows } = await database.asSystem((db) =>
    sql<{
      statement: string
    }>`select statement from pg_prepared_statements where statement like ${'%system_config%'}`.execute(db),
  )
  expect(rows).toEqual([{ statement: 'select * from system_config where key = any($1::text[])' }])
})

test('a table that changes costs one transaction, and no connection keeps failing', async () => {
  for (let time = 0; time < 3; time++) await settingsOf(['a'])
  await own.query('alter table tributary.system_config add column later integer')
  await expect(settingsOf(['a'])).rejects.toThrow('cached plan must not change result type')
  expect(await settingsOf(['a'])).toEqual([])
})
