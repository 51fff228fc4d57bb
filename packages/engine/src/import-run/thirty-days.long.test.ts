import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { SignedIn } from '../contract/engine.ts'
import { liveMonth, type Seen } from '../testing/live-month.ts'
import { planMonth } from '../testing/plan-month.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { listDifferences, readStoredValues, readTrueValues } from '../testing/true-values.ts'

const firstDay = '2026-10-10'
const depth = '2026-08-20'
const sources = [
  { source: 'fitbit', streams: ['activity', 'heart', 'sleep', 'weight', 'hrv'] },
  { source: 'google-health', streams: ['activity', 'sleep', 'body', 'workouts'] },
]
const besideSources = [
  { source: 'fitbit', streams: ['activity', 'sleep'] },
  { source: 'google-health', streams: ['sleep'] },
]
const seeds = (process.env['TRIBUTARY_SCENARIO_SEEDS'] ?? 'october').split(',')

describe.each(seeds)('thirty days of troubles (%s)', (seed) => {
  const month = planMonth(seed, firstDay)
  const lastDay = addDays(firstDay, 28)
  let tributary: TestEngine
  let ada: SignedIn
  let ben: SignedIn
  let seen: Seen
  /** By source, what differs from the truth at the end. */
  const differences = new Map<string, string[]>()

  beforeAll(async () => {
    tributary = await createTestEngine({
      plugins,
      now: `${firstDay}T00:00:00Z`,
      requestLimits: { fitbit: 10_000, 'google-health': 10_000 },
      labOptions: { 'google-health': { largestPage: 3 } },
    })
    ada = await tributary.addUser('ada@example.org')
    ben = await tributary.addUser('ben@example.org')
    for (const [signedIn, looked] of [
      [ada, sources],
      [ben, besideSources],
    ] as const) {
      for (const { source, streams } of looked) {
        await tributary.connect(signedIn, source)
        await tributary.engine.plugins.change(signedIn.user.id, source, { historyFrom: depth, streams })
      }
    }
    for (const change of [...month.changes, ...month.hidden]) tributary.lab.lab.changes.add(change)
    for (const fault of month.faults) tributary.lab.lab.faults.add(fault)
    tributary.startWorker()
    seen = await liveMonth(tributary, { troubled: ada, beside: ben, sources, besideSources }, month)
    for (const looked of sources) {
      const range = { from: depth, to: lastDay }
      const stored = await readStoredValues(tributary, ada.user.id, looked, range)
      differences.set(looked.source, listDifferences(stored, await readTrueValues(tributary, looked, range)))
    }
  }, 900_000)

  afterAll(() => tributary.close())

  /** What differs on days that pass. */
  const wrongOn = (passes: (date: string) => boolean) =>
    [...differences].flatMap(([source, found]) =>
      found.filter((text) => passes(text.slice(0, 10))).map((text) => `${source} ${text}`),
    )
  const isHidden = (day: string) => month.hidden.some(({ date }) => date === day)
  const isOutage = (day: string) => day >= month.outage.from && day < month.outage.until
  const isCorrected = (day: string) => !isHidden(day) && month.changes.some(({ date }) => date === day)

  test('no stored value is one that the source never said', () => {
    expect(seen.neverSaid).toEqual([])
  })

  test('a day without an answer is never one of which the source had none', () => {
    expect(seen.falselyEmpty).toEqual([])
  })

  test('who lives beside has what the source says, day by day, and no job that failed', async () => {
    expect(seen.beside).toEqual([])
    expect(await jobsOf(ben, `status <> 'succeeded'`)).toEqual([])
  })

  test('late data, corrections and deletions have arrived', () => {
    expect(wrongOn(isCorrected)).toEqual([])
  })

  test('the days of the outage have come after it', () => {
    expect(wrongOn(isOutage)).toEqual([])
  })

  test('what came, changed or went while the source could not be asked is so afterwards', () => {
    expect(wrongOn(isHidden)).toEqual([])
  })

  test('every other day is as it truly was', () => {
    expect(wrongOn((day) => !isHidden(day) && !isOutage(day) && !isCorrected(day))).toEqual([])
  })

  test('no day of the depth is failed, never asked, or not due yet for long', async () => {
    const rows = await tributary.database.query(
      `select source_id, stream, state, days::text from tributary.coverage
       where user_id = $1 and not isempty(days * datemultirange(daterange($2, $3, '[]'))) and (state = 'failed'
         or (state = 'not-due-yet' and not isempty(days * datemultirange(daterange(null, $4)))))
       union all
       select source_id, stream, 'never asked', (datemultirange(daterange($2, $3, '[]'))
         - range_agg(part))::text
       from tributary.coverage, unnest(days) as part where user_id = $1 group by source_id, stream
       having not range_agg(part) @> daterange($2, $3, '[]')`,
      [ada.user.id, depth, lastDay, addDays(lastDay, -4)],
    )
    expect(rows).toEqual([])
  })

  test('no job in which a window failed for good has succeeded', async () => {
    const rows = await tributary.database.query(
      `select j.id, j.source_id, j.trigger, f.stream, f.from_day::text, f.to_day::text from tributary.import_jobs j
       join tributary.fetches f on f.job_id = j.id
       where j.status = 'succeeded' and f.covered_at is null and not exists (
         -- An attempt on the next day asks the days that are due then.
         select from tributary.fetches g where g.job_id = j.id and g.stream = f.stream and g.covered_at is not null
           and g.to_day >= f.to_day)`,
    )
    expect(rows).toEqual([])
    const outage = await jobsOf(
      ada,
      `status = 'succeeded' and created_at >= '${month.outage.from}T01:00Z' and finished_at < '${month.outage.until}'`,
    )
    expect(outage).toEqual([])
  })

  test('the last job of each connection succeeded, and nothing waits', async () => {
    for (const { source } of sources) {
      const status = await tributary.engine.plugins.get(ada.user.id, source)
      expect(status).toMatchObject({ state: 'connected', job: { status: 'succeeded' } })
    }
    expect(await jobsOf(ada, `status in ('queued', 'running', 'waiting', 'retrying')`)).toEqual([])
  })

  test('a limit made jobs wait, and none fail', async () => {
    const refused = await jobsOf(
      ada,
      `status in ('failed', 'partial') and reason like '%allows no more requests%'`,
    )
    expect(refused).toEqual([])
  })

  test('tokens were renewed on the way', async () => {
    const answer = await fetch(`${tributary.lab.url}/issued/fitbit`)
    const { issued } = (await answer.json()) as { issued: { kind: string }[] }
    expect(issued.filter(({ kind }) => kind === 'access_token').length).toBeGreaterThan(100)
  })

  function jobsOf({ user }: SignedIn, where: string) {
    return tributary.database.query(
      `select source_id, trigger, status, reason, from_day::text, created_at::text from tributary.import_jobs
       where user_id = $1 and ${where}`,
      [user.id],
    )
  }
})
