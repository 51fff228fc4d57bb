import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { copyRows } from './copy-rows.ts'
import { type Database, openDatabase } from './database.ts'
import { floatsOf, integerOf, readArrays, timesOf } from './read-arrays.ts'

let own: TestDatabase
let database: Database
let userId: string

beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase({ url: own.url, maxConnections: 1 })
  const [user] = await own.query<{ id: string }>(
    `insert into tributary.users (name, email) values ('Ada', 'ada@example.org') returning id`,
  )
  userId = user?.id ?? ''
})

afterAll(async () => {
  await database.close()
  await own.drop()
})

const copy = (rows: Iterable<number>, text: (row: number) => string) =>
  database.asUser(userId, async (db) => {
    await sql`create temporary table if not exists copied (n integer, at timestamptz, value float8, word text, nothing text)
      on commit delete rows`.execute(db)
    await copyRows(db, 'copied', rows, (row, encode) => {
      encode.integer(row)
      encode.time(row * 1_000_000 - 5)
      encode.float(row / 3)
      encode.word(text(row))
      encode.null()
    })
    const { rows: found } = await sql<object>`
      select count(*)::integer as count, min(word) as word, count(nothing)::integer as some from copied`.execute(
      db,
    )
    const [arrays = []] = await readArrays(
      db,
      sql`select 7, array_agg(at order by n), array_agg(value order by n) from copied`,
    )
    const [number, times, floats] = arrays.map((column) => Buffer.from(column))
    return { found: found[0], number, times, floats }
  })

test('what is copied in is there, in whatever number, and comes back in arrays as it was', async () => {
  const rows = Array.from({ length: 5000 }, (_, row) => row)
  const { found, number, times, floats } = await copy(rows, () => 'new')
  expect(found).toEqual({ count: 5000, word: 'new', some: 0 })
  expect(integerOf(number as Buffer)).toBe(7)
  expect([...timesOf(times as Buffer)]).toEqual(rows.map((row) => row * 1_000_000 - 5))
  expect([...floatsOf(floats as Buffer)]).toEqual(rows.map((row) => row / 3))
})

test('a row that cannot be written ends the copy, and leaves a connection that works', async () => {
  for (const bad of [0, 4000]) {
    const broken = copy(Array.from({ length: 5000 }).keys(), (row) => {
      if (row === bad) throw new TypeError('no word')
      return 'new'
    })
    await expect(broken).rejects.toThrow('no word')
  }
  expect((await copy([1], () => 'then')).found).toMatchObject({ count: 1, word: 'then' })
})
