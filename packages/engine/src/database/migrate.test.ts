import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { migrate } from './migrate.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await createTestDatabase({ empty: true })
})

afterEach(() => database.drop())

test('many processes that start at once migrate once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => migrate(database.url)))
  const rows = await database.query<{ name: string }>('select name from tributary.migrations order by name')
  expect(rows.map(({ name }) => name)).toEqual([...new Set(rows.map(({ name }) => name))])
  expect(rows[0]?.name).toBe('0001-roles.sql')
})

test('a migration that changed after it ran is refused', async () => {
  await migrate(database.url)
  await database.query(`update tributary.migrations set checksum = 'other' where name = '0001-roles.sql'`)
  await expect(migrate(database.url)).rejects.toThrow('0001-roles.sql ran in this database in another form')
})

test('a database that is newer is refused', async () => {
  await migrate(database.url)
  await database.query(`insert into tributary.migrations (name, checksum) values ('9999-later.sql', 'x')`)
  await expect(migrate(database.url)).rejects.toThrow('newer than this version')
})

test('a database that cannot be reached is said in one sentence', async () => {
  await expect(migrate('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow(
    /^The database cannot be reached: .*\.$/,
  )
})
