import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { readCursor } from './cursor.ts'
import { pruneEvents } from './prune-events.ts'
import { publish } from './publish.ts'
import { readEvents } from './read-events.ts'

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [] })
  database = openDatabase({ url: tributary.database.url })
})

let users = 0
beforeEach(async () => {
  userId = (await tributary.addUser(`ada-${users++}@example.org`)).user.id
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const read = (after?: string, limit?: number) =>
  database.asUser(userId, (db) => readEvents(db, userId, after, limit))
const idsOf = ({ events }: Awaited<ReturnType<typeof read>>) =>
  events.map(({ payload }) => (payload as { jobId: string }).jobId)
const eventOf = (jobId: string, of = userId) =>
  ({ userId: of, kind: 'job-changed', payload: { jobId, status: 'queued' } }) as const
const write = (...ids: string[]) =>
  database.asUser(userId, (db) =>
    publish(
      db,
      ids.map((id) => eventOf(id)),
    ),
  )

/** Writes an event and commits when it is told to. */
async function writeSlowly(id: string) {
  const [written, toCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  const committed = database.asUser(userId, async (db) => {
    await publish(db, [eventOf(id)])
    written.resolve(undefined)
    await toCommit.promise
  })
  await Promise.race([written.promise, committed])
  return async () => {
    toCommit.resolve(undefined)
    await committed
  }
}

test('an event whose transaction commits after later ones were read is delivered, and each once', async () => {
  const start = await read()
  const commitFirst = await writeSlowly('first')
  const commitSecond = await writeSlowly('second')
  await commitSecond()
  const one = await read(start.cursor)
  expect(idsOf(one)).toEqual(['second'])
  await write('third')
  const two = await read(one.cursor)
  expect(idsOf(two)).toEqual(['third'])
  await commitFirst()
  const three = await read(two.cursor)
  expect(idsOf(three)).toEqual(['first'])
  expect(idsOf(await read(three.cursor))).toEqual([])
  // Who did not get further than the start reads all of them.
  expect(idsOf(await read(start.cursor)).sort()).toEqual(['first', 'second', 'third'])
})

test('a transaction that is undone leaves no event', async () => {
  const start = await read()
  const undone = database.asUser(userId, async (db) => {
    await publish(db, [eventOf('undone')])
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(idsOf(await read(start.cursor))).toEqual([])
})

test('many events come in parts, also those of a transaction that commits between two parts', async () => {
  const start = await read()
  const commit = await writeSlowly('late')
  await write('a', 'b', 'c')
  await write('d', 'e')
  const found: string[] = []
  let part = await read(start.cursor, 2)
  found.push(...idsOf(part))
  await commit()
  while (part.more) {
    part = await read(part.cursor, 2)
    expect(part.events.length).toBeLessThanOrEqual(2)
    found.push(...idsOf(part))
  }
  found.push(...idsOf(await read(part.cursor)))
  expect(found).toEqual(['a', 'b', 'c', 'd', 'e', 'late'])
})

test('without a cursor, or with a text that is none, the reader begins now', async () => {
  await write('before')
  for (const text of [
    undefined,
    '',
    'x',
    '0:0:',
    '5:1:',
    '5:9:8,7',
    '1:1: 1:1:',
    '1:1: 1:1: -1',
    '9'.repeat(30),
  ])
    expect(idsOf(await read(text)), text).toEqual([])
  expect(readCursor('5:9:7,8 6:12: 44')).toEqual({ since: '5:9:7,8', until: '6:12:', id: '44' })
})

test('after a copy was restored into another server, a cursor of before reads everything that is there', async () => {
  await write('here')
  expect(idsOf(await read('900000000000:900000000000:'))).toEqual(['here'])
})

test('events of 30 days are removed, younger ones stay, in however many batches', async () => {
  await tributary.database.query(
    `insert into tributary.events (user_id, kind, payload, created_at)
     select $1, 'job-changed', jsonb_build_object('jobId', n), $2::timestamptz - make_interval(days => 29 + n % 2 * 2)
     from generate_series(1, 9000) as n`,
    [userId, tributary.clock.now().toString()],
  )
  const others = (await tributary.addUser('other@example.org')).user.id
  await database.asUser(others, (db) => publish(db, [eventOf('other', others)]))
  await tributary.database.query(`update tributary.events set created_at = '2020-01-01' where user_id = $1`, [
    others,
  ])
  await pruneEvents(database, userId, tributary.clock.now())
  const rows = await tributary.database.query(
    `select user_id, count(*)::integer as count from tributary.events where user_id in ($1, $2) group by 1 order by 2`,
    [userId, others],
  )
  expect(rows).toEqual([
    { user_id: others, count: 1 },
    { user_id: userId, count: 4500 },
  ])
  await pruneEvents(database, others, tributary.clock.now(), () => true)
  await pruneEvents(database, others, tributary.clock.now())
  const left = await tributary.database.query('select from tributary.events where user_id = $1', [others])
  expect(left).toEqual([])
})
