import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'
import { touchedDays } from './touched-days.ts'

let tributary: TestEngine
let database: Database
let ada: ReturnType<typeof createUploader>
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  const signedIn = await tributary.addUser('ada@example.org')
  userId = signedIn.user.id
  ada = createUploader(tributary, signedIn)
  tributary.startWorker()
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const touched = () => database.asUser(userId, (db) => touchedDays(db, { userId, sourceId: 'csv' }))

test('the days between a date of long ago and the others are not touched', async () => {
  await ada.upload('Date,Cups\n1970-01-01,1\n2026-03-01,1\n2026-03-02,1\n2026-03-04,1\n')
  expect(await touched()).toEqual([
    { from: '1970-01-01', to: '1970-01-01' },
    { from: '2026-03-01', to: '2026-03-02' },
    { from: '2026-03-04', to: '2026-03-04' },
  ])
  await ada.undoNewest()
  expect(await touched()).toEqual([])
})

test('an instant touches every day that it may belong to, whatever the zone and its length', async () => {
  await ada.upload(
    'Date,Cups\n1970-01-01 12:00,1\n2026-03-01 07:00,1\n2026-03-01 23:30,1\n2026-03-02 01:00,1\n',
  )
  expect(await touched()).toEqual([
    { from: '1969-12-31', to: '1970-01-04' },
    { from: '2026-02-28', to: '2026-03-05' },
  ])
  await ada.undoNewest()
})
