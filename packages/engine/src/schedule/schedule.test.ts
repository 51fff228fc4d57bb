import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { runSchedule } from './run-schedule.ts'

let tributary: TestEngine
let processes: Database[]

beforeEach(async () => {
  tributary = await createTestEngine({ plugins, now: '2026-11-20T00:00:30Z' })
  processes = [openDatabase({ url: tributary.database.url }), openDatabase({ url: tributary.database.url })]
  for (const name of ['ada', 'ben', 'cy']) {
    await tributary.connect(await tributary.addUser(`${name}@example.org`), 'fitbit')
  }
  await tributary.database.query('delete from tributary.import_jobs')
})

afterEach(async () => {
  await Promise.all(processes.map((database) => database.close()))
  await tributary.close()
})

test('two processes over a simulated day serve each hour once, for every connection', async () => {
  for (let minute = 0; minute < 24 * 60; minute += 5) {
    await Promise.all(processes.map((database) => runSchedule(database, tributary.clock.now())))
    await tributary.database.query(
      `update tributary.import_jobs set status = 'succeeded' where run_after <= $1`,
      [tributary.clock.now().toString()],
    )
    tributary.clock.add({ minutes: 5 })
  }
  const slots = await tributary.database.query<{ jobs: number }>('select jobs from tributary.schedule_slots')
  expect(slots).toEqual(Array.from({ length: 24 }, () => ({ jobs: 3 })))
  const perHour = await tributary.database.query<{ count: number }>(`
    select count(*)::integer as count from tributary.import_jobs group by connection_id, date_trunc('hour', run_after)`)
  expect(perHour).toEqual(Array.from({ length: 72 }, () => ({ count: 1 })))
})

test('connections of one slot are spread over the hour, and ask for the last seven days', async () => {
  const [first] = processes
  if (first) await runSchedule(first, tributary.clock.now())
  const jobs = await tributary.database.query<{ run_after: Date; from_day: string; to_day: string }>(
    'select run_after, from_day::text, to_day::text from tributary.import_jobs',
  )
  expect(new Set(jobs.map(({ run_after }) => run_after.getTime())).size).toBe(3)
  for (const { run_after, ...days } of jobs) {
    expect(run_after.toISOString()).toMatch(/^2026-11-20T00:/)
    expect(days).toEqual({ from_day: '2026-11-14', to_day: '2026-11-20' })
  }
})

test('a connection that is switched off is left out, and one whose job still waits gets no second', async () => {
  const [first] = processes
  if (!first) return
  await tributary.database.query(`update tributary.user_integrations set enabled = false
    where id = (select min(id::text)::uuid from tributary.user_integrations)`)
  expect(await runSchedule(first, tributary.clock.now())).toBe(2)
  tributary.clock.add({ hours: 1 })
  expect(await runSchedule(first, tributary.clock.now())).toBe(0)
})

test('a restart within the hour serves the slot no second time', async () => {
  for (const database of processes) await runSchedule(database, tributary.clock.now())
  tributary.clock.add({ minutes: 50 })
  const again = openDatabase({ url: tributary.database.url })
  expect(await runSchedule(again, tributary.clock.now())).toBeUndefined()
  await again.close()
})
