import { definePlugin, type MappedRecord } from '@tributary/plugin-sdk'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { Remap, SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const days = { from: '2026-11-01', to: '2026-11-12' }
const day = (number: number) => addDays(days.from, number - 1)

let tributary: TestEngine
let ada: SignedIn
/** What the mapping says of a day. */
let said: (date: string) => number | undefined
/** Whether answers have the form that the stream's schema knows. */
let sound: boolean
/** How each mapping was called: the days that were asked for, and the pages in order. */
let calls: string[]

/** The example service, asked four days at a time in two pages. */
function source() {
  const { plugin } = examplePlugin('example')
  const { days: stream } = plugin.streams
  if (!stream) throw new Error('there is no such stream')
  return definePlugin({
    ...plugin,
    fields: { score: { name: 'Score', type: 'number', unit: '{score}', kind: 'readiness' } },
    streams: {
      days: {
        ...stream,
        fields: ['score'],
        maxDaysPerRequest: 4,
        schema: {
          '~standard': {
            version: 1,
            vendor: 'test',
            validate: (value) => (sound ? { value } : { issues: [{ message: 'another form' }] }),
          },
        },
        async *fetchData({ http, from, to }) {
          for (const back of [0, 9]) yield await http.get('/data', { start: addDays(from, -back), end: to })
        },
        mapData(pages, { from, to }) {
          calls.push(`${from} ${to} ${pages.map(({ entries }) => entries[0]?.date).join(' ')}`)
          const records: MappedRecord[] = []
          for (let date = from; date <= to; date = addDays(date, 1)) {
            const score = said(date)
            if (score !== undefined) records.push({ date, fields: { score } })
          }
          return records
        },
      },
    },
  })
}

beforeEach(async () => {
  said = (date) => (date === day(11) ? undefined : 100)
  sound = true
  calls = []
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, 'example', {
    historyFrom: days.from,
    historyPaused: true,
  })
  tributary.startWorker({ leaseSeconds: 1 })
  const job = await tributary.sync(ada, 'example', { startDate: days.from, endDate: days.to })
  expect(job).toMatchObject({ status: 'succeeded', counts: { new: 11 } })
})

afterEach(() => tributary.close())

const progress = () => tributary.engine.remaps.get(ada.user.id, 'example')

async function reached(status: Remap['status']): Promise<Remap | null> {
  await expect.poll(async () => (await progress())?.status).toBe(status)
  return progress()
}

async function compared(): Promise<Remap | null> {
  tributary.clock.add({ minutes: 1 })
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  return reached('ready')
}

async function scores(): Promise<unknown[]> {
  const { days: found } = await tributary.engine.metrics.daily(ada.user.id, {
    ...days,
    metrics: ['example.score', 'metric.readiness'],
  })
  for (const { values } of found) expect(values['metric.readiness']).toBe(values['example.score'])
  return found.map(({ values }) => values['example.score'])
}

async function coverage(state: 'has-data' | 'had-none') {
  const { streams } = await tributary.engine.plugins.coverage(ada.user.id, 'example', {
    from: day(1),
    to: day(12),
  })
  return streams[0]?.days[state]
}

test('a preview counts what would change and shows the largest differences first, and so it is then written', async () => {
  const before = await scores()
  const asked = calls
  calls = []
  const changed = new Map([
    [day(1), 60],
    [day(2), 99],
    [day(5), 10],
    [day(6), undefined],
    [day(11), 50],
  ])
  said = (date) => (changed.has(date) ? changed.get(date) : 100)
  const remap = await compared()
  const largest = (metric: string) => [
    { metric, date: day(11), from: null, to: 50 },
    { metric, date: day(6), from: 100, to: null },
    { metric, date: day(5), from: 100, to: 10 },
    { metric, date: day(1), from: 100, to: 60 },
    { metric, date: day(2), from: 100, to: 99 },
  ]
  expect(remap?.preview).toEqual({
    records: 5,
    measurements: 0,
    unreadable: 0,
    dailyValues: 10,
    largest: [...largest('example.score'), ...largest('metric.readiness')],
  })
  expect(await scores()).toEqual(before)
  // The mapping is called as the import called it.
  expect(calls.sort()).toEqual(asked.sort())

  await tributary.engine.remaps.apply(ada.user.id, 'example')
  await reached('applied')
  expect(await scores()).toEqual([60, 99, 100, 100, 10, null, 100, 100, 100, 100, 50, 100])
  expect(await coverage('has-data')).toEqual([
    { from: day(1), to: day(5) },
    { from: day(7), to: day(12) },
  ])
  expect(await coverage('had-none')).toEqual([{ from: day(6), to: day(6) }])
})

test('an answer that newer ones replaced on some of its days is still read as it was asked for', async () => {
  await tributary.sync(ada, 'example', { startDate: day(6), endDate: day(7) })
  const asked = new Set(calls)
  calls = []
  said = (date) => (date === day(5) || date === day(7) ? 7 : 100)
  expect((await compared())?.preview).toMatchObject({ records: 3 })
  expect(new Set(calls)).toEqual(asked)
})

test.each([
  [
    'that the mapping cannot read',
    1,
    () => {
      said = (date) => {
        if (date === day(6)) throw new Error('not foreseen')
        return date === day(3) ? undefined : 7
      }
    },
  ],
  ['of another form than the schema knows', 3, () => (sound = false)],
])('answers %s are counted, and their days stay as they are', async (_, unreadable, become) => {
  const [before, known] = [await scores(), await coverage('has-data')]
  become()
  expect((await compared())?.preview).toMatchObject({ unreadable })
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  await reached('applied')
  const after = await scores()
  expect(after.slice(4, 8)).toEqual(before.slice(4, 8))
  if (sound) expect(after.slice(0, 4)).toEqual([7, 7, null, 7])
  else {
    expect(after).toEqual(before)
    expect(await coverage('has-data')).toEqual(known)
  }
})

test('of a remap that was cancelled no difference is left', async () => {
  said = () => 7
  await compared()
  await tributary.engine.remaps.cancel(ada.user.id, 'example')
  for (const table of ['remap_days', 'remap_measurements', 'remap_windows'])
    expect(await tributary.database.query(`select from tributary.${table}`)).toEqual([])
})

/** Holds what imports and remaps of the connection write by, as another process would. */
async function lockValues() {
  const owner = new pg.Client({ connectionString: tributary.database.url })
  await owner.connect()
  await owner.query(
    `select pg_advisory_lock(hashtextextended('values ' || user_id::text || ' ' || source_id, 0))
     from tributary.user_integrations`,
  )
  return {
    async someoneWaits() {
      await expect
        .poll(async () => {
          const { rows } = await owner.query(`select from pg_locks where not granted and locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database())`)
          return rows.length
        })
        .toBe(1)
    },
    release: () => owner.end(),
  }
}

test('what its user takes back before it is written is not written', async () => {
  const before = await scores()
  said = () => 7
  await compared()
  const values = await lockValues()
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  await values.someoneWaits()
  await tributary.database.query(`update tributary.remaps set status = 'cancelled'`)
  await values.release()
  await expect
    .poll(() => tributary.database.query('select from tributary.remaps where lease_until is not null'))
    .toEqual([])
  expect(await scores()).toEqual(before)
})

test('an import waits while a remap of its connection writes', async () => {
  const values = await lockValues()
  tributary.clock.add({ minutes: 1 })
  const job = tributary.sync(ada, 'example', { startDate: day(1) })
  await values.someoneWaits()
  expect((await tributary.engine.jobs.list(ada.user.id))[0]).toMatchObject({ status: 'running' })
  await values.release()
  expect(await job).toMatchObject({ status: 'succeeded' })
})

test('a remap that breaks while it is written leaves nothing written, and is written whole afterwards', async () => {
  const before = await scores()
  said = () => 7
  await compared()
  await tributary.database.query(`
    create sequence tributary.breaks;
    create function tributary.break() returns trigger language plpgsql security definer as $$ begin
      if new.status = 'applied' then
        perform nextval('tributary.breaks');
        raise exception 'the disk is full';
      end if;
      return new;
    end $$;
    create trigger break before update on tributary.remaps for each row execute function tributary.break()`)
  const breaks = async () => {
    const [row] = await tributary.database.query<{ is_called: boolean }>(
      'select is_called from tributary.breaks',
    )
    return row?.is_called
  }
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  await expect.poll(breaks).toBe(true)
  expect(await scores()).toEqual(before)
  expect(await tributary.database.query(`select from tributary.daily_records where value = 7`)).toEqual([])
  await tributary.database.query(`drop trigger break on tributary.remaps`)
  await reached('applied')
  expect(await scores()).toEqual(Array.from({ length: 12 }, () => 7))
})
