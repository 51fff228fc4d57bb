import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { rowsRead } from '../testing/rows-read.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { pruneFetches, storedFetches } from './prune-fetches.ts'

let tributary: TestEngine
let database: Database
let userId: string
const limits = { unusedBefore: '2026-11-20T12:00:00Z', pagesBefore: new Map<string, string>() }

beforeEach(async () => {
  tributary = await createTestEngine({ plugins: [] })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

/** Makes this many fetches of the same days, each of which supersedes the one before. */
async function makeFetches(count: number): Promise<void> {
  await tributary.database.query(
    `insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day, started_at, completed_at, covered_at)
     select $1, 'fitbit', 'one', 'activity', '2026-10-01', '2026-10-07', at, at, at
     from generate_series(1, $2::integer), lateral (select '2026-10-20'::timestamptz as at) as moment`,
    [userId, count],
  )
}

const kept = async () => {
  const rows = await tributary.database.query<{ id: string }>('select id from tributary.fetches order by id')
  return rows.map(({ id }) => id)
}

const prune = () => pruneFetches(database, userId, limits, () => false)

test('of 5,000 fetches each is read once, and all but the newest are removed', async () => {
  await makeFetches(5000)
  await tributary.database.query('analyze tributary.fetches')
  let read = 0
  let before: string | undefined
  for (let batch = 0; batch < 6; batch++)
    await database.asUser(userId, async (db) => {
      read += await rowsRead(db, storedFetches(userId, limits, before))
      const { rows } = await storedFetches(userId, limits, before).execute(db)
      before = rows.at(-1)?.id ?? before
    })
  expect(read).toBeGreaterThanOrEqual(5000)
  expect(read).toBeLessThan(5100)
  const newest = (await kept()).at(-1)
  await prune()
  expect(await kept()).toEqual([newest])
})

test('a fetch that cannot be removed keeps no other batch from it', async () => {
  await makeFetches(2500)
  const ids = await kept()
  await tributary.database.query(`
    create function tributary.refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
    create trigger refuse before delete on tributary.fetches for each row
      when (old.id = ${ids[0]}) execute function tributary.refuse()`)
  await expect(prune()).rejects.toThrow('1 batches of fetches were not pruned: error: not now')
  // The last batch of a thousand has the oldest.
  expect(await kept()).toEqual([...ids.slice(0, 500), ids.at(-1)])
})
