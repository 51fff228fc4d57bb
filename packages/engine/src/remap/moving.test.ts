import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { recomputeZone } from '../values/recompute-zone.ts'
import { type Hourly, hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { lockAllValues } from '../database/locks.ts'

const range = { from: '2026-10-20', to: '2026-11-20' }
let tributary: TestEngine
let database: Database
let ada: SignedIn
let says: Hourly

beforeEach(async () => {
  says = { value: 1 }
  tributary = await createTestEngine({
    plugins: [hourlyPlugin(says)],
    aliases: { example: 'example-service' },
  })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: '2026-10-20' })
  await tributary.settled()
})
afterEach(async () => {
  await database.close()
  await tributary.close()
})

async function steps() {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics: ['example.steps'] })
  return days.map(({ values }) => values['example.steps'] ?? null)
}
async function reached(status: string) {
  await expect
    .poll(async () => (await tributary.engine.remaps.get(ada.user.id, 'example'))?.status)
    .toBe(status)
}

test('a remap that is written while its user moves cuts its days by the new clock', async () => {
  says.value = 2
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  await reached('ready')
  const waiting = () =>
    tributary.database.query(`select from pg_locks where not granted and locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`)
  await database.asUser(ada.user.id, async (db) => {
    // The move has begun to write, as one of many measurements does for a while.
    await lockAllValues(db, ada.user.id)
    await tributary.engine.remaps.apply(ada.user.id, 'example')
    await expect.poll(async () => (await waiting()).length).toBe(1)
    await db.updateTable('users').set({ time_zone: 'Asia/Tokyo' }).execute()
    await recomputeZone(db, ada.user.id, 'Asia/Tokyo')
  })
  await reached('applied')
  await tributary.settled()
  const found = await steps()
  await database.asUser(ada.user.id, (db) => recomputeZone(db, ada.user.id, 'Asia/Tokyo'))
  expect(found).toEqual(await steps())
})
