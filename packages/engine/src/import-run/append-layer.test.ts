import { plugins } from '@tributary/plugins'
import type { Field, MappedRecord } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { appendLayer } from './append-layer.ts'
import { stageRecords } from './stage-records.ts'

const fields: Record<string, Field> = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' },
}

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

test('what a file says of several devices or parts is kept apart', async () => {
  const at = '2026-03-01T08:00:00Z'
  const records: MappedRecord[] = [
    { date: '2026-03-01', fields: { steps: 1 }, origin: 'watch' },
    { date: '2026-03-01', fields: { steps: 2 }, origin: 'phone' },
    { date: '2026-03-01', fields: { steps: 3 }, dimension: 'left' },
    { field: 'steps', start: at, value: 4, origin: 'watch' },
    { field: 'steps', start: at, value: 5, origin: 'phone' },
  ]
  const staged = await stageRecords({ fields }, records)
  const into = { userId, sourceId: 'csv', layer: 1, zone: 'Europe/Berlin' }
  const append = () => database.asUser(userId, (db) => appendLayer(db, into, Object.keys(fields), staged))
  const days = { from: '2026-03-01', to: '2026-03-01' }
  expect(await append()).toEqual({ added: 5, changed: 0, ...days })
  expect(await append()).toEqual({ added: 0, changed: 0, ...days })
  expect(
    await tributary.database.query(
      `select dimension, origin, r.value as said, m.value as measured from tributary.series s
       left join tributary.daily_records r on r.series_id = s.id left join tributary.measurements m on m.series_id = s.id
       order by coalesce(r.value, 0)`,
    ),
  ).toEqual([
    { dimension: '', origin: '', said: null, measured: null },
    { dimension: '', origin: 'watch', said: 1, measured: 4 },
    { dimension: '', origin: 'phone', said: 2, measured: 5 },
    { dimension: 'left', origin: '', said: 3, measured: null },
  ])
})
