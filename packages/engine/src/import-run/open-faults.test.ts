import { definePlugin, type MappedRecord } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { claimJob, releaseLostJobs } from '../jobs/claim-job.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { merge } from './merge.ts'
import { rollUp } from './roll-up.ts'
import { stageRecords } from './stage-records.ts'

const { plugin } = examplePlugin('example')
const fields = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps', day: 'sum' },
  asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' },
} as const
const source = definePlugin({
  ...plugin,
  fields,
  streams: {
    all: {
      fields: Object.keys(fields),
      maxDaysPerRequest: 30,
      answers: 'window',
      async *fetchData() {},
      mapData: () => [],
    },
  },
})
const zone = 'Europe/Berlin'

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [source] })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
  await tributary.database.query(
    `insert into tributary.user_integrations (user_id, source_id, account_id, state, history_from)
     values ($1, 'example', 'now', 'connected', '2026-01-01')`,
    [userId],
  )
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

async function bring(
  {
    from,
    to,
    accountId = 'now',
    confirmed = true,
  }: { from: string; to: string; accountId?: string; confirmed?: boolean },
  records: MappedRecord[],
) {
  const staged = await stageRecords({ fields, days: { from, to, zone } }, records)
  const account = { userId, sourceId: 'example', accountId }
  return database.asUser(userId, async (db) => {
    const [counts] = await merge(db, account, zone, [{ fields, from, to, staged, confirmed }])
    await rollUp(db, { ...account, zone, slices: [{ fields: Object.keys(fields), from, to }] })
    return counts
  })
}

const said = (date: string, value: number | string, field = 'steps'): MappedRecord => ({
  date,
  fields: { [field]: value },
})

async function daily(metric: string, date: string) {
  const { days } = await tributary.engine.metrics.daily(userId, { from: date, to: date, metrics: [metric] })
  return days[0]?.values[metric] ?? null
}

/** Each fails today; whoever mends it takes the word away. */
describe('what is not yet as it should be', () => {
  test.fails(
    'a record that could not be read keeps what is stored of its own day, and not of the others',
    async () => {
      const window = { from: '2026-03-01', to: '2026-03-02' }
      await bring(window, [said('2026-03-01', 5), said('2026-03-02', 6)])
      await bring(window, [said('2026-03-02', 'many')])
      expect([
        await daily('example.steps', '2026-03-01'),
        await daily('example.steps', '2026-03-02'),
      ]).toEqual([null, 6])
    },
  )

  test.fails('the account that is connected goes before another that measured more', async () => {
    const day = { from: '2026-03-05', to: '2026-03-05' }
    const at = (hour: number, value: number) => ({
      field: 'steps',
      start: `2026-03-05T${hour}:00:00Z`,
      value,
    })
    await bring({ ...day, accountId: 'before' }, [at(10, 1), at(11, 1), at(12, 1)])
    await bring(day, [at(10, 5)])
    expect(await daily('example.steps', '2026-03-05')).toBe(5)
  })

  test.fails(
    'an entry by hand of the very value that is stored leaves what it was before as it is',
    async () => {
      const day = { from: '2026-03-07', to: '2026-03-07' }
      await bring(day, [said('2026-03-07', 5)])
      await bring(day, [said('2026-03-07', 6)])
      await tributary.engine.metrics.enter(userId, { metric: 'example.steps', date: '2026-03-07', value: 6 })
      const question = { metric: 'example.steps', date: '2026-03-07', offset: 0 }
      expect((await tributary.engine.metrics.explain(userId, question)).change).toMatchObject({
        from: 5,
        to: 6,
      })
    },
  )

  test.fails(
    'an interval longer than two days that belongs to its end is rejected, for its day would never find it',
    async () => {
      const day = { from: '2026-03-12', to: '2026-03-12' }
      const long = { field: 'asleep', start: '2026-03-09T10:00:00Z', end: '2026-03-12T10:00:00Z', value: 1 }
      const staged = await stageRecords({ fields, days: { ...day, zone } }, [long])
      expect(staged.rejected).toBe(1)
    },
  )

  test.fails(
    'a time or a day that PostgreSQL has none of is rejected, where no days were asked for',
    async () => {
      const staged = await stageRecords({ fields }, [
        { field: 'steps', start: 1e17, value: 1 },
        { date: '+200000-01-01', fields: { steps: 1 } },
      ])
      expect(staged.rejected).toBe(2)
    },
  )

  test.fails('a job whose worker dies each time comes to an end that says so', async () => {
    const now = tributary.clock.now()
    await tributary.database.query(
      `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, priority, run_after)
       select user_id, id, source_id, 'manual', '2026-03-01', '2026-03-01', 10, $1 from tributary.user_integrations`,
      [now.toString()],
    )
    for (let death = 0; death < 20; death++) {
      await claimJob(database, now.add({ hours: 24 * death }), { seconds: -1 })
      await releaseLostJobs(database)
    }
    const [job] = await tributary.engine.jobs.list(userId)
    expect(job).toMatchObject({ status: 'failed', reason: expect.any(String) })
  })
})
