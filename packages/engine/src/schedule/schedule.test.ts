import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { claimJob } from '../jobs/claim-job.ts'
import { requestImport } from '../jobs/request-import.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { healClock } from './heal-clock.ts'
import { readSchedule } from './read-schedule.ts'
import { runSchedule } from './run-schedule.ts'
import { claimDue } from './claim-due.ts'

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

const look = async () => (await runSchedule(processes[0], tributary.clock.now())).jobs

/** Adds users with a connection each, the `i`th of them due at a moment. */
async function addPeople(count: number, moment: string): Promise<void> {
  await tributary.database.query(`
    with people as (
      insert into tributary.users (name, email, time_zone)
      select i, i || '@example.org', 'Europe/Berlin' from generate_series(1, ${count}) as i returning id, name::integer as i
    )
    insert into tributary.user_integrations (user_id, source_id, state, history_from, next_sync_at)
    select id, 'fitbit', 'connected', '2026-01-01', ${moment} from people`)
}

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

test('a connection that an admin has to correct something for is asked on, and goes on when that is done', async () => {
  await tributary.database.query(`update tributary.user_integrations set state = 'misconfigured'`)
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
  expect(await readSchedule(processes[0], tributary.clock.now())).toMatchObject({ connections: 3 })
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

test('of more than are taken at once those go first that were due longest', async () => {
  await addPeople(1500, `'2026-11-20T00:00:00Z'::timestamptz - make_interval(secs => (i * 7919) % 1500)`)
  await claimDue(processes[0], tributary.clock.now())
  const [row] = await tributary.database.query<{ taken: number; ordered: boolean }>(`
    select count(j.id)::integer as taken, max(j.run_after) < min(c.next_sync_at) filter (where j.id is null) as ordered
    from tributary.user_integrations c left join tributary.import_jobs j on j.connection_id = c.id`)
  expect(row).toEqual({ taken: 1000, ordered: true })
})

test('a job of the schedule goes before history, asks for what is due, and is as old as its moment', async () => {
  const [ada] = await tributary.database.query<{ id: string; user_id: string; moment: string }>(
    'select id, user_id, next_sync_at::text as moment from tributary.user_integrations order by user_id limit 1',
  )
  if (!ada) throw new Error('nobody is connected')
  const days = { from: '2026-01-01', to: '2026-03-31' }
  const connection = { ...ada, source_id: 'fitbit' }
  const request = { connection, trigger: 'history', selection: 'never-fetched', ...days } as const
  await processes[0].asUser(ada.user_id, (db) =>
    requestImport(db, { ...request, now: tributary.clock.now() }),
  )
  tributary.clock.add({ hours: 1 })
  // History that waits keeps no sync away.
  expect(await look()).toBe(3)
  const claimed = []
  for (let times = 0; times < 3; times++)
    claimed.push(await claimJob(processes[0], tributary.clock.now(), { seconds: 60 }))
  for (const job of claimed) expect(job).toMatchObject({ trigger: 'schedule', selection: 'due' })
  const mine = claimed.find((job) => job?.connection_id === ada.id)
  expect(mine?.run_after.toString()).toBe(Temporal.Instant.from(ada.moment).toString())
})

test('more that fall due at once than two processes take in one go are each asked once', async () => {
  await addPeople(2500, `'2026-11-20T00:00:00Z'`)
  const now = tributary.clock.now()
  const asked = await Promise.all(processes.map((database) => runSchedule(database, now)))
  expect(asked.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(2500)
  const [row] = await tributary.database.query<{ connections: number; slot: number }>(`
    select count(distinct connection_id)::integer as connections, (select sum(jobs)::integer from tributary.schedule_slots) as slot
    from tributary.import_jobs`)
  expect(row).toEqual({ connections: 2500, slot: 2500 })
})

const jobsOf = async (email: string) => {
  const rows = await tributary.database.query(
    `select from tributary.import_jobs j join tributary.users u on u.id = j.user_id where u.email = $1`,
    [email],
  )
  return rows.length
}

test('a time zone that the database does not know keeps nobody from their imports', async () => {
  await tributary.database.query(
    `update tributary.users set time_zone = 'Nowhere/Land' where email = 'ada@example.org'`,
  )
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
})

test('a connection that cannot be asked for keeps no other from its imports, nor from the next hour', async () => {
  await tributary.database.query(`
    create function tributary.refuse_ada() returns trigger language plpgsql as $$ begin
      if new.user_id = (select id from tributary.users where email = 'ada@example.org') then
        raise exception 'a fault of one user';
      end if;
      return new;
    end $$;
    create trigger refuse_ada before insert on tributary.import_jobs for each row execute function tributary.refuse_ada()`)
  tributary.clock.add({ hours: 1 })
  const { jobs, faults } = await runSchedule(processes[0], tributary.clock.now())
  expect({ jobs, faults: faults.map(String) }).toEqual({ jobs: 2, faults: ['error: a fault of one user'] })
  expect([await jobsOf('ada@example.org'), await jobsOf('ben@example.org')]).toEqual([0, 1])
  expect(await runSchedule(processes[0], tributary.clock.now())).toEqual({ jobs: 0, faults: [] })
  await tributary.database.query('drop trigger refuse_ada on tributary.import_jobs')
  tributary.clock.add({ hours: 1 })
  await look()
  expect(await jobsOf('ada@example.org')).toBe(1)
})

test('imports go on after a clock that stood ahead was set right', async () => {
  const right = tributary.clock.now()
  tributary.clock.add({ hours: 24 * 400 })
  expect(await look()).toBe(3)
  await tributary.database.query(`update tributary.import_jobs set status = 'retrying', run_after = $1`, [
    tributary.clock.now().toString(),
  ])
  tributary.clock.set(right.toString())
  expect((await healClock(processes[0], tributary.clock.now())).healed).toBeGreaterThan(0)
  const claimed = await claimJob(processes[0], tributary.clock.now(), { seconds: 60 })
  expect(claimed).toBeDefined()
  await tributary.database.query('delete from tributary.import_jobs')
  tributary.clock.add({ hours: 1 })
  expect(await look()).toBe(3)
  expect(await healClock(processes[0], tributary.clock.now())).toEqual({ healed: 0, faults: [] })
})
