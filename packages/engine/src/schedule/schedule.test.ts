import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { readSchedule } from './read-schedule.ts'
import { runSchedule } from './run-schedule.ts'

let tributary: TestEngine
let processes: [Database, Database]

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

const look = () => runSchedule(processes[0], tributary.clock.now())

async function finishJobs(): Promise<void> {
  await tributary.database.query(`update tributary.import_jobs set status = 'succeeded'`)
}

test('two processes over a simulated day ask once an hour for every connection, each at its own moment', async () => {
  for (let minute = 0; minute < 24 * 60 + 5; minute += 5) {
    await Promise.all(processes.map((database) => runSchedule(database, tributary.clock.now())))
    await finishJobs()
    tributary.clock.add({ minutes: 5 })
  }
  const moments = await tributary.database.query<{ jobs: number; moments: number; hours: number }>(`
    select count(*)::integer as jobs, count(distinct date_part('minute', run_after) * 60 + date_part('second', run_after))::integer
      as moments, count(distinct date_trunc('hour', run_after))::integer as hours
    from tributary.import_jobs group by connection_id`)
  expect(moments).toEqual(Array.from({ length: 3 }, () => ({ jobs: 24, moments: 1, hours: 24 })))
  const [spread] = await tributary.database.query<{ moments: number }>(
    `select count(distinct run_after - date_trunc('hour', run_after))::integer as moments from tributary.import_jobs`,
  )
  expect(spread?.moments).toBe(3)
  const { slots, connections } = await readSchedule(processes[0], tributary.clock.now())
  expect(connections).toBe(3)
  const [all] = await tributary.database.query<{ jobs: number; hours: number }>(
    'select sum(jobs)::integer as jobs, count(*)::integer as hours from tributary.schedule_slots',
  )
  expect(all).toEqual({ jobs: 72, hours: 25 })
  expect(slots).toHaveLength(24)
})

test('after a downtime of three days a connection gets one job, and its next in its own moment of an hour', async () => {
  tributary.clock.add({ hours: 72 })
  expect(await look()).toBe(3)
  await finishJobs()
  expect(await look()).toBe(0)
  const { nextAt } = await readSchedule(processes[0], tributary.clock.now())
  expect(Temporal.Instant.compare(nextAt, tributary.clock.now())).toBe(1)
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
})

test('a job asks for the last seven days of its user', async () => {
  tributary.clock.add({ hours: 1 })
  await look()
  const jobs = await tributary.database.query(
    'select from_day::text, to_day::text from tributary.import_jobs',
  )
  const days = { from_day: '2026-11-14', to_day: '2026-11-20' }
  expect(jobs).toEqual([days, days, days])
})

test.each([
  ['that is switched off', `update tributary.user_integrations set enabled = false`],
  ['that is paused', `update tributary.user_integrations set state = 'paused'`],
  ['that was ended', `update tributary.user_integrations set state = 'disconnected'`],
  ['that needs a new permission', `update tributary.user_integrations set state = 'needs-reauthorization'`],
  ['of a user who is disabled', `update tributary.users set disabled_at = now()`],
])('a connection %s is left out, and asked again at once when that is over', async (_, statement) => {
  await tributary.database.query(statement)
  tributary.clock.add({ hours: 2 })
  expect(await look()).toBe(0)
  await tributary.database.query('update tributary.users set disabled_at = null')
  await tributary.database.query(`update tributary.user_integrations set enabled = true, state = 'connected'`)
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
})

test('a connection whose job still waits gets no second', async () => {
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(0)
  await finishJobs()
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
})

test('thousands that fall due at once are each asked once, however many processes look', async () => {
  await tributary.database.query(`
    with people as (
      insert into tributary.users (name, email, time_zone)
      select 'x', i || '@example.org', 'Europe/Berlin' from generate_series(1, 2500) as i returning id
    )
    insert into tributary.user_integrations (user_id, source_id, state, history_from, next_sync_at)
    select id, 'fitbit', 'connected', '2026-01-01', '2026-11-20T00:00:00Z' from people`)
  const now = tributary.clock.now()
  const asked = await Promise.all([...processes, ...processes].map((database) => runSchedule(database, now)))
  expect(asked.reduce((sum, jobs) => sum + jobs, 0)).toBe(2500)
  const [row] = await tributary.database.query<{ connections: number; slot: number }>(`
    select count(distinct connection_id)::integer as connections, (select sum(jobs)::integer from tributary.schedule_slots) as slot
    from tributary.import_jobs`)
  expect(row).toEqual({ connections: 2500, slot: 2500 })
})
