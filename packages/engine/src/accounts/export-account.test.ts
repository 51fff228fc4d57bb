import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { exportAccount } from './export-account.ts'

let tributary: TestEngine
let database: Database

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [] })
  database = openDatabase({ url: tributary.database.url })
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

test('a reader that takes nothing any more is left, and its transaction ends', async () => {
  const { user } = await tributary.addUser('ada@example.org')
  const { clock } = tributary
  const stalled = exportAccount({ database, clock }, user.id, () => new Promise(() => {}), 50)
  await expect(stalled).rejects.toThrow('its reader took nothing')
  const open = await tributary.database.query(
    `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  )
  expect(open).toEqual([])
  // Another export is possible at once.
  await exportAccount({ database, clock }, user.id, () => Promise.resolve())
})
