import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import type { Database, Transaction } from './database.ts'

let own: TestDatabase
let database: Database
let nameStatement: (text: string) => string | undefined

beforeAll(async () => {
  // Other test files of this process have named statements: these modules know none.
  vi.resetModules()
  ;({ nameStatement } = await import('./name-statement.ts'))
  const { openDatabase } = await import('./database.ts')
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

test('a prepared statement gives each user their own rows, and another role what that role may see', async () => {
  const ids = await own.query<{ id: string }>(
    `insert into tributary.users (name, email) values ('Ada', 'ada@example.org'), ('Ben', 'ben@example.org') returning id`,
  )
  const [ada = '', ben = ''] = ids.map(({ id }) => id)
  await own.query(
    `insert into tributary.metric_templates (user_id, name, position, metrics) values ($1, 'Mine', 1, '[]')`,
    [ada],
  )
  const templates = async (db: Transaction) => {
    const { rows } = await sql`select name from metric_templates where name <> ${'none'}`.execute(db)
    return rows
  }
  for (let time = 0; time < 7; time++) {
    expect(await database.asUser(ada, templates)).toEqual([{ name: 'Mine' }])
    expect(await database.asUser(ben, templates)).toEqual([])
    await expect(database.asSystem(templates)).rejects.toThrow('permission denied')
  }
  const { rows } = await database.asUser(ada, (db) =>
    sql`select from pg_prepared_statements where statement like ${'%metric_templates%'}`.execute(db),
  )
  expect(rows).toHaveLength(1)
})

test('a table that changes costs one transaction, and no connection keeps failing', async () => {
  for (let time = 0; time < 3; time++) await settingsOf(['a'])
  await own.query('alter table tributary.system_config add column later integer')
  await expect(settingsOf(['a'])).rejects.toThrow('cached plan must not change result type')
  expect(await settingsOf(['a'])).toEqual([])
})
