import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConnectionSettings, SignedIn } from '../contract/engine.ts'
import { hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const range = { from: '2026-10-24', to: '2026-11-10' }
const zone = 'Asia/Tokyo'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', {
    streams: ['stepsIntraday', 'sleep'],
    historyFrom: '2026-10-18',
  })
  const worker = tributary.startWorker()
  await tributary.settled()
  await worker.stop()
})

afterAll(() => tributary.close())

async function steps(metric: string) {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics: [metric] })
  return days.map(({ values }) => values[metric] ?? null)
}

async function trueSteps(of: string) {
  const { from, to } = range
  const answer = await fetch(`${tributary.lab.url}/truth/fitbit?from=${from}&to=${to}&zone=${of}`)
  const { days } = (await answer.json()) as { days: { steps: number | null }[] }
  return days.map((day) => day.steps)
}

test('after a move from Berlin to Tokyo the steps of a day are those of its minutes there', async () => {
  const { engine, database, lab } = tributary
  expect(await steps('fitbit.stepsIntraday')).toEqual(await trueSteps(lab.lab.zone))
  const said = await database.query('select * from tributary.daily_records order by series_id, day')
  await database.query('delete from tributary.import_jobs')

  await engine.accounts.setTimeZone(ada.user.id, zone)
  const moved = await trueSteps(zone)
  expect(moved).not.toEqual(await trueSteps(lab.lab.zone))
  expect(await steps('fitbit.stepsIntraday')).toEqual(moved)
  expect(await database.query('select * from tributary.daily_records order by series_id, day')).toEqual(said)
  const jobs = await engine.jobs.list(ada.user.id)
  expect(jobs).toMatchObject([{ status: 'queued', from: '2026-11-14', to: '2026-11-20' }])
})

test('the same zone again asks for nothing', async () => {
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.accounts.setTimeZone(ada.user.id, zone)
  expect(await tributary.engine.jobs.list(ada.user.id)).toEqual([])
})

test('an import at work begins again in the new zone', async () => {
  const { engine, database } = tributary
  await engine.accounts.setTimeZone(ada.user.id, 'Europe/Berlin')
  await database.query(`update tributary.import_jobs set status = 'running', attempt = 1`)
  await engine.accounts.setTimeZone(ada.user.id, zone)
  const [job] = await engine.jobs.list(ada.user.id)
  expect(job).toMatchObject({ status: 'queued' })
})

test.each(['Asia/Tokyo', 'America/New_York'])(
  'who moves to %s while history is on its way gets whole days where known days met unknown ones',
  async (there) => {
    const example = await createTestEngine({
      plugins: [hourlyPlugin({ value: 1 })],
      aliases: { example: 'example-service' },
    })
    try {
      const { engine, settled, sync } = example
      const ben = await example.addUser('ben@example.org')
      const change = (settings: ConnectionSettings) => engine.plugins.change(ben.user.id, 'example', settings)
      example.startWorker()
      await example.connect(ben, 'example')
      await change({ historyPaused: true, historyFrom: '2026-09-01' })
      await settled()
      await sync(ben, 'example', { startDate: '2026-10-10', endDate: '2026-10-20' })
      await engine.accounts.setTimeZone(ben.user.id, there)
      await settled()
      await change({ historyPaused: false })
      await settled()
      const { days } = await engine.metrics.daily(ben.user.id, {
        from: '2026-10-01',
        to: '2026-10-24',
        metrics: ['example.steps'],
      })
      expect(new Set(days.map(({ values }) => values['example.steps']))).toEqual(new Set([24]))
    } finally {
      await example.close()
    }
  },
)
