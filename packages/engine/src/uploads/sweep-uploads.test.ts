import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { createLog } from '../runtime/log.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { sweepUploads } from './sweep-uploads.ts'

let tributary: TestEngine
let database: Database
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const sweep = () => sweepUploads({ database, log: createLog('silent') }, tributary.clock.now())
const names = async () =>
  (await tributary.engine.uploads.list(ada.user.id, 'csv')).map(({ fileName }) => fileName)
const stored = () => tributary.database.query('select from tributary.raw_bodies')

function receive(fileName: string, content: AsyncIterable<Uint8Array>) {
  return tributary.engine.uploads.receive(ada.user.id, 'csv', { fileName, content, mapping: () => undefined })
}

test('an upload whose process ended is removed with what had come of it, and counts no more', async () => {
  const [begun, ended] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
  async function* half() {
    yield Buffer.alloc(1 << 20, 'date,a\n2026-01-01,1\n')
    begun.resolve(null)
    await ended.promise
    yield Buffer.alloc(1 << 20, '2026-01-01,1\n')
  }
  const broken = receive('half.csv', half())
  await begun.promise
  await sweep()
  expect(await names()).toEqual(['half.csv'])
  tributary.clock.add({ minutes: 6 })
  await sweep()
  expect(await names()).toEqual([])
  expect(await stored()).toEqual([])
  // The process was frozen and not dead: what it goes on to receive is refused.
  ended.resolve(null)
  await expect(broken).rejects.toMatchObject({ status: 409, code: 'upload-given-up' })
})

test('an upload over a slow line is not removed while bytes come', async () => {
  async function* slowly() {
    yield Buffer.from('date,b\n')
    for (let day = 1; day < 9; day += 1) {
      tributary.clock.add({ minutes: 2 })
      await sweep()
      yield Buffer.from(`2026-01-0${day},${day}\n`)
    }
  }
  const job = await receive('slow.csv', slowly())
  await tributary.settled()
  expect((await tributary.engine.jobs.get(ada.user.id, job.id)).status).toBe('succeeded')
  tributary.clock.add({ hours: 1 })
  await sweep()
  expect(await names()).toEqual(['slow.csv'])
})
