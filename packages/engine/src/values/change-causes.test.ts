import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MetricChange, SignedIn } from '../contract/engine.ts'
import { hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'

const day = '2026-11-18'
const hourly = { value: 100 }
let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [...plugins, hourlyPlugin(hourly)],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.settled()
})

afterAll(() => tributary.close())

/** All changes of a user that are recorded, part by part. */
async function listAll(
  options: { since?: string; metric?: string; limit?: number } = {},
): Promise<MetricChange[]> {
  const found: MetricChange[] = []
  let next: string | null | undefined
  while (next !== null) {
    const part = await tributary.engine.metrics.changes(ada.user.id, { ...options, after: next })
    expect(part.changes.length).toBeLessThanOrEqual(options.limit ?? 200)
    found.push(...part.changes)
    next = part.next
  }
  return found
}

/** The changes of a metric on the day since the last call of `forget`. */
let seen = '1970-01-01T00:00:00Z'
async function changes(metric: string, date = day) {
  return (await listAll({ since: seen, metric }))
    .filter((change) => change.date === date)
    .map(({ before, after, cause, jobId }) => ({ before, after, cause, jobId }))
}
const forget = async () => {
  const [row] = await tributary.database.query<{ now: string }>(`select to_json(clock_timestamp()) as now`)
  seen = row?.now ?? ''
}
const importDay = () => tributary.sync(ada, 'example', { startDate: day, endDate: day })

test('a correction names the job that imported it, a repeat and a first value nothing', async () => {
  expect(await changes('example.steps')).toEqual([])
  await importDay()
  expect(await changes('example.steps')).toEqual([])
  hourly.value = 200
  tributary.clock.add({ minutes: 10 })
  const { id } = await importDay()
  const correction = { before: 2400, after: 4800, cause: 'import', jobId: id }
  expect(await changes('example.steps')).toEqual([correction])
  expect(await changes('metric.steps')).toEqual([correction])
})

test('an entry by hand is its own cause, also where it is taken back', async () => {
  await forget()
  const enter = (value: number | null) =>
    tributary.engine.metrics.enter(ada.user.id, { metric: 'example.steps', date: day, value })
  await enter(7)
  await enter(null)
  expect(await changes('example.steps')).toEqual([
    { before: 4800, after: 7, cause: 'manual', jobId: null },
    { before: 7, after: 4800, cause: 'manual', jobId: null },
  ])
})

test('a remap is the cause of what the mapping of now makes of stored answers', async () => {
  await forget()
  hourly.value = 300
  const { remaps } = tributary.engine
  const reached = (status: string) =>
    expect.poll(async () => (await remaps.get(ada.user.id, 'example'))?.status).toBe(status)
  await remaps.begin(ada.user.id, 'example')
  await reached('ready')
  await remaps.apply(ada.user.id, 'example')
  await reached('applied')
  expect(await changes('example.steps')).toEqual([{ before: 4800, after: 7200, cause: 'remap', jobId: null }])
})

test('another order of sources changes kinds alone', async () => {
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
  await forget()
  await tributary.engine.plugins.prefer(ada.user.id, ['fitbit', 'example'])
  expect(await changes('metric.steps')).toMatchObject([{ before: 7200, cause: 'order', jobId: null }])
  expect(await changes('fitbit.steps')).toEqual([])
  await tributary.engine.plugins.prefer(ada.user.id, ['example', 'fitbit'])
})

test('another time zone is the cause where a day has other hours in it', async () => {
  await forget()
  // Its last hours are not there yet in New York, or its first ones are gone in Tokyo.
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'America/New_York')
  const moved = await listAll({ since: seen, metric: 'example.steps' })
  expect([...new Set(moved.map(({ cause }) => cause))]).toEqual(['time-zone'])
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'Europe/Berlin')
  await tributary.settled()
})

test('a file that corrects another one is the cause, and what is undone goes as removed', async () => {
  const uploader = createUploader(tributary, ada)
  const bring = (cups: number) =>
    uploader.upload(`Date,Cups\n2026-03-01,${cups}\n2026-03-02,4\n`, { fileName: `${cups}.csv` })
  await forget()
  await bring(5)
  const { id } = await bring(6)
  await uploader.undoNewest()
  await uploader.undoNewest()
  expect(await changes('csv.Cups', '2026-03-01')).toEqual([
    { before: 5, after: 6, cause: 'file', jobId: id },
    { before: 6, after: 5, cause: 'removed', jobId: null },
    { before: 5, after: null, cause: 'removed', jobId: null },
  ])
})

test('numbers of a source whose data is removed stand in no change; an event alone says which days went', async () => {
  const ofSource = () =>
    tributary.database.query(
      `select from tributary.value_changes where user_id = $1 and 'example' in (before_source, after_source)`,
      [ada.user.id],
    )
  expect((await ofSource()).length).toBeGreaterThan(0)
  const all = await listAll()
  await tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: true })
  expect(await ofSource()).toEqual([])
  const left = await listAll()
  expect(left.length).toBeLessThan(all.length)
  expect(left.filter(({ metric }) => metric === 'csv.Cups')).toHaveLength(4)
  const [event] = await tributary.database.query<{ payload: { cause: string; metrics: object[] } }>(
    `select payload from tributary.events where user_id = $1 and kind = 'values-changed' order by id desc limit 1`,
    [ada.user.id],
  )
  expect(event?.payload.cause).toBe('removed')
  expect(event?.payload.metrics).toContainEqual(expect.objectContaining({ metric: 'example.steps' }))
  expect(event?.payload.metrics).toContainEqual(expect.objectContaining({ metric: 'metric.steps' }))
})

test('changes come in parts, the oldest first, and since a moment', async () => {
  const all = await listAll()
  expect(all.length).toBeGreaterThan(3)
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort())
  expect(await listAll({ limit: 2 })).toEqual(all)
  const since = all.at(-2)?.at ?? ''
  expect(await listAll({ since })).toEqual(all.filter(({ at }) => at >= since))
})
