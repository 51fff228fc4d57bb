import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine, SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

/** Much longer than what these statements take beside the pause, and much shorter than the pause. */
const databaseLimits = { statement: 2000 }
const pauseSeconds = 3

beforeEach(async () => {
  tributary = await createTestEngine({ plugins, databaseLimits })
  ada = await tributary.addUser('ada@example.org', 'admin')
  await tributary.connect(ada, 'fitbit')
})

afterEach(() => tributary.close())

/** Makes statements that change a table take as long as they do with the data of many years. */
const slowDown = (table: string, event: string) =>
  tributary.database.query(`
    create function tributary.pause() returns trigger language plpgsql as $$ begin perform pg_sleep(${pauseSeconds}); return null; end $$;
    create trigger pause after ${event} on tributary.${table} for each statement execute function tributary.pause()`)

async function* file() {
  yield Buffer.from('Date,Cups\n2026-03-01,5\n')
}

const upload = ({ uploads }: Engine, user: string) =>
  uploads.receive(user, 'csv', { fileName: 'cups.csv', content: file(), mapping: () => undefined })

test.each<[string, string, string, (engine: Engine, user: string) => Promise<unknown>]>([
  [
    'the order of sources',
    'daily_metric_values',
    'delete',
    ({ plugins: sources }, user) => sources.prefer(user, []),
  ],
  ['a remap', 'remap_windows', 'insert', ({ remaps }, user) => remaps.begin(user, 'fitbit')],
  [
    'the removal of data',
    'series',
    'delete',
    ({ plugins: sources }, user) => sources.disconnect(user, 'fitbit', { deleteData: true }),
  ],
  [
    'another time zone',
    'import_jobs',
    'update',
    ({ accounts }, user) => accounts.setTimeZone(user, 'Asia/Tokyo'),
  ],
  [
    'the undoing of an upload',
    'fetches',
    'delete',
    async (engine, user) => {
      await upload(engine, user)
      const [made] = await engine.uploads.list(user, 'csv')
      await engine.uploads.undo(user, made?.id ?? '')
    },
  ],
])('%s may take longer than a statement usually may', async (_, table, event, work) => {
  await slowDown(table, event)
  await work(tributary.engine, ada.user.id)
})

test('what is stored of a refused upload is removed, however long that takes', async () => {
  await slowDown('uploads', 'delete')
  const content = (async function* () {
    yield Buffer.from('Date,Cups\n')
    await Promise.resolve()
    throw new Error('the client is gone')
  })()
  const received = tributary.engine.uploads.receive(ada.user.id, 'csv', {
    fileName: 'cups.csv',
    content,
    mapping: () => undefined,
  })
  await expect(received).rejects.toThrow('the client is gone')
  expect(await tributary.database.query('select from tributary.uploads')).toEqual([])
})
