import { definePlugin, type MappedRecord, oauth2 } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { merge } from '../values/merge.ts'
import { rollUp } from '../values/roll-up.ts'
import { stageRecords } from '../values/stage-records.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const watch = definePlugin({
  id: 'watch',
  name: 'Watch',
  description: 'For this test.',
  icon: '⌚',
  auth: oauth2({
    authorizationUrl: 'https://watch.example/a',
    tokenUrl: 'https://watch.example/t',
    scopes: [],
  }),
  api: { baseUrl: 'https://watch.example' },
  fields: {
    steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps', day: 'sum' },
    asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' },
    byShoe: { name: 'Steps by shoe', type: 'number', unit: '{steps}', dimension: 'shoe' },
  },
  streams: {
    all: {
      name: 'Everything',
      fields: ['steps', 'asleep', 'byShoe'],
      maxDaysPerRequest: 30,
      answers: 'window',
      async *fetchData() {},
      mapData: () => [],
    },
  },
})
const ring = definePlugin({ ...watch.plugin, id: 'ring', name: 'Ring' })

const zone = 'Europe/Berlin'
let tributary: TestEngine
let database: Database
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [...plugins, watch, ring] })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
  for (const source of ['watch', 'ring'])
    await tributary.database.query(
      `insert into tributary.user_integrations (user_id, source_id, account_id, state, history_from, created_at)
       values ($1, $2, 'a', 'connected', '2026-01-01', $3)`,
      [ada.user.id, source, source === 'watch' ? '2026-01-01' : '2026-01-02'],
    )
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const slice = (day: string, sourceId = 'watch') => ({ day, sourceId })
const said = (date: string, value: number, origin = ''): MappedRecord => ({
  date,
  fields: { steps: value },
  origin,
})
const measured = (
  start: string,
  minutes: number,
  value: number,
  origin = '',
  field = 'steps',
): MappedRecord => {
  const at = Temporal.Instant.from(start).epochMilliseconds
  return { field, origin, start: at, end: at + minutes * 60_000, value }
}

async function bring(
  { day, sourceId }: ReturnType<typeof slice>,
  days: MappedRecord[],
  measurements: MappedRecord[] = [],
) {
  const { fields } = watch.plugin
  const window = { from: day, to: day }
  const staged = await stageRecords({ fields, days: { ...window, zone } }, [...days, ...measurements])
  const account = { userId: ada.user.id, sourceId, accountId: 'a' }
  await database.asUser(ada.user.id, async (db) => {
    await merge(db, account, zone, [{ fields, ...window, staged, confirmed: true }])
    await rollUp(db, {
      ...account,
      cause: 'import',
      zone,
      slices: [{ fields: ['steps', 'asleep'], ...window }],
    })
  })
}

const explain = (metric: string, date: string, user = ada, offset = 0) =>
  tributary.engine.metrics.explain(user.user.id, { metric, date, offset })

function cover(state: string, from: string, to: string, stream = 'all') {
  return tributary.database.query(
    `insert into tributary.coverage (user_id, source_id, account_id, stream, state, days)
     values ($1, 'watch', 'a', $2, $3, datemultirange(daterange($4, $5, '[]')))
     on conflict (user_id, source_id, account_id, stream, data_type, state) do update set days = coverage.days + excluded.days`,
    [ada.user.id, stream, state, from, to],
  )
}

test('an imported value is traced to its record, fetch, pages and job, and the answer is there as it came', async () => {
  const explained = await explain('fitbit.steps', '2026-11-18')
  expect(explained).toMatchObject({
    name: 'Steps',
    unit: '{steps}',
    basis: 'daily-record',
    rule: ['Fitbit reports this value for the day.'],
    missing: null,
    change: { from: null, to: explained.value },
    evidence: {
      source: { id: 'fitbit', name: 'Fitbit' },
      entry: null,
      records: [{ value: explained.value, counts: true }],
      measurements: null,
      streams: [{ id: 'activity', name: 'Activity', state: 'has-data', enabled: true, granted: true }],
    },
  })
  const fetch = explained.evidence?.streams[0]?.fetch
  expect(fetch).toMatchObject({
    job: { trigger: 'connect', status: 'succeeded' },
    rejected: 0,
    rejections: [],
  })
  expect(fetch?.pages).toHaveLength(5)
  const { body, text } = await tributary.engine.metrics.rawPage(ada.user.id, {
    fetch: fetch?.id ?? '',
    page: 0,
  })
  expect(text).toBe('json')
  const days = JSON.parse(body.toString())['activities-steps']
  expect(days).toContainEqual({ dateTime: '2026-11-18', value: String(explained.value) })
})

test('another user learns nothing of it, neither the value nor the answer', async () => {
  const mine = await explain('fitbit.steps', '2026-11-18')
  const fetch = mine.evidence?.streams[0]?.fetch?.id ?? ''
  expect(await explain('fitbit.steps', '2026-11-18', ben)).toMatchObject({
    value: null,
    missing: { reason: 'not-connected' },
    evidence: { records: [], streams: [{ state: 'never-asked', fetch: null }] },
  })
  for (const page of [
    { fetch, page: 0 },
    { fetch: 'x', page: 0 },
    { fetch: '9'.repeat(30), page: 0 },
  ])
    await expect(tributary.engine.metrics.rawPage(ben.user.id, page)).rejects.toMatchObject({
      status: 404,
      code: 'unknown-page',
    })
})

test('measurements are explained by rule and by the origin that counts, and come in pages', async () => {
  const minute = (index: number, origin: string) =>
    measured(
      `2026-03-02T${String(8 + Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}:00Z`,
      1,
      10,
      origin,
    )
  const rows = [
    ...Array.from({ length: 70 }, (_, index) => minute(index, 'wrist')),
    ...Array.from({ length: 5 }, (_, index) => minute(index, 'phone')),
  ]
  await bring(slice('2026-03-02'), [], rows)
  const explained = await explain('watch.steps', '2026-03-02')
  expect(explained).toMatchObject({ value: 700, basis: 'measurements' })
  expect(explained.rule).toEqual([
    'It is the sum of the 70 measurements of the day from wrist.',
    'It has the most of the day, so it counts; what another device or app measured at the same time is not added.',
    'Day boundaries: Europe/Berlin.',
  ])
  expect(explained.evidence).toMatchObject({
    day: { rule: 'sum', belongsTo: 'start', zone },
    measurements: {
      count: 75,
      origins: [
        {
          origin: 'wrist',
          count: 70,
          value: 700,
          counts: true,
          first: '2026-03-02T08:00:00Z',
          last: '2026-03-02T09:10:00Z',
        },
        { origin: 'phone', count: 5, value: 50, counts: false },
      ],
      next: 50,
    },
  })
  const rest = await explain('watch.steps', '2026-03-02', ada, 50)
  expect(rest.evidence?.measurements?.page).toHaveLength(25)
  expect(rest.evidence?.measurements?.next).toBeNull()
})

test('a night is explained on the day that it ends', async () => {
  await bring(slice('2026-03-05'), [], [measured('2026-03-04T22:00:00Z', 480, 1, '', 'asleep')])
  const explained = await explain('watch.asleep', '2026-03-05')
  expect(explained).toMatchObject({ value: 480 * 60, evidence: { measurements: { count: 1 } } })
  expect(explained.rule.at(-1)).toContain('belongs to the day on which it ends')
  expect((await explain('watch.asleep', '2026-03-04')).value).toBeNull()
})

test("the source's own value goes before its measurements, and an entry by hand before both", async () => {
  const day = '2026-03-08'
  await bring(slice(day), [said(day, 75, 'b'), said(day, 70, 'a')], [measured(`${day}T08:00:00Z`, 1, 60)])
  const before = await explain('watch.steps', day)
  expect(before).toMatchObject({ value: 70, basis: 'daily-record' })
  expect(before.evidence?.records).toMatchObject([
    { value: 70, origin: 'a', counts: true },
    { value: 75, origin: 'b', counts: false },
  ])
  expect(before.rule).toHaveLength(3)
  await tributary.engine.metrics.enter(ada.user.id, { metric: 'watch.steps', date: day, value: 80 })
  const after = await explain('watch.steps', day)
  expect(after).toMatchObject({
    value: 80,
    basis: 'manual',
    change: { from: 70, to: 80 },
    evidence: { entry: { value: 80 }, records: [{ counts: false }, { counts: false }] },
  })
  expect(after.rule[0]).toBe('You entered it by hand, and what you enter goes before what a source says.')
})

test('an entry by hand of the very value that is there leaves told what it was before', async () => {
  for (const value of [60, 70]) await bring(slice('2026-03-19'), [said('2026-03-19', value)], [])
  const before = await explain('watch.steps', '2026-03-19')
  await tributary.engine.metrics.enter(ada.user.id, { metric: 'watch.steps', date: '2026-03-19', value: 70 })
  const entered = await explain('watch.steps', '2026-03-19')
  expect(entered).toMatchObject({ basis: 'manual', change: { from: 60, to: 70 } })
  expect(entered.change).toEqual(before.change)
})

test('a kind says which source counts and why, and what the others say', async () => {
  const day = '2025-03-10'
  await bring(slice(day, 'ring'), [said(day, 200)])
  expect((await explain('metric.steps', day)).sources).toMatchObject([
    { metric: 'watch.steps', value: null, counts: false, sentence: expect.stringContaining('was not asked') },
    { metric: 'ring.steps', value: 200, counts: true, sentence: expect.stringContaining('no other source') },
    { metric: 'fitbit.steps', value: null, counts: false },
  ])
  await bring(slice(day), [said(day, 100)])
  const explained = await explain('metric.steps', day)
  expect(explained).toMatchObject({
    value: 100,
    unit: '{steps}',
    basis: 'merged',
    rule: ['Watch reports this value for the day.'],
    evidence: { metric: 'watch.steps' },
  })
  expect(explained.sources[0]?.sentence).toContain('connected first')
  await tributary.engine.plugins.prefer(ada.user.id, ['ring', 'watch'])
  expect((await explain('metric.steps', day)).sources).toMatchObject([
    {
      metric: 'ring.steps',
      counts: true,
      sentence: expect.stringContaining('the first source in your order'),
    },
    { metric: 'watch.steps', value: 100, counts: false, sentence: null },
    {},
  ])
  expect(await explain('metric.weight', '2026-03-10', ben)).toMatchObject({
    value: null,
    missing: { reason: 'not-connected' },
    sources: [],
  })
})

test('a value without a source is explained by its entry', async () => {
  const { metrics } = await tributary.engine.templates.create(ada.user.id, {
    name: 'Mine',
    metrics: [{ type: 'manual', name: 'Mood', valueType: 'number', unit: '{score}' }],
  })
  const metric = `manual.${metrics[0]?.type === 'manual' ? metrics[0].id : ''}`
  expect(await explain(metric, '2026-11-19')).toMatchObject({ missing: { reason: 'not-entered' } })
  await tributary.engine.metrics.enter(ada.user.id, { metric, date: '2026-11-19', value: 4 })
  expect(await explain(metric, '2026-11-19')).toMatchObject({
    name: 'Mood',
    value: 4,
    basis: 'manual',
    rule: ['You entered it by hand.'],
    evidence: { source: null, entry: { value: 4 } },
  })
  await expect(explain(metric, '2026-11-19', ben)).rejects.toMatchObject({ status: 404 })
})

test('a value of a file is explained by the newest file that has it', async () => {
  const upload = async (fileName: string, value: number) => {
    await tributary.engine.uploads.receive(ada.user.id, 'csv', {
      fileName,
      content: (async function* () {
        yield Buffer.from(`date,weight (kg)\n2026-11-01,${value}\n2026-11-02,${value}\n`)
      })(),
      mapping: () => undefined,
    })
    await tributary.settled()
  }
  await upload('old.csv', 70)
  await upload('new.csv', 71)
  const [field = ''] = (await tributary.engine.plugins.get(ada.user.id, 'csv')).plugin.fields.map(
    ({ id }) => id,
  )
  const explained = await explain(`csv.${field}`, '2026-11-01')
  expect(explained).toMatchObject({
    value: 71,
    evidence: {
      records: [
        { value: 71, file: 'new.csv', counts: true },
        { value: 70, file: 'old.csv', counts: false },
      ],
      streams: [{ name: 'new.csv', fetch: { job: { trigger: 'upload' } } }, { name: 'old.csv' }],
    },
  })
  expect(explained.rule[0]).toBe('Your file new.csv has this value for the day.')
  expect(explained.rule[1]).toMatch(
    /^Where it has several rows for a day, the value is the (last|mean) of them\.$/,
  )
  const fetch = explained.evidence?.streams[0]?.fetch?.id ?? ''
  const { body, text } = await tributary.engine.metrics.rawPage(ada.user.id, { fetch, page: 0 })
  expect([text, body.toString().split('\n')[1]]).toEqual(['plain', '2026-11-01,71'])
  expect(await explain(`csv.${field}`, '2026-11-05')).toMatchObject({ missing: { reason: 'no-file' } })
})

test.each([
  ['had-none', 'had-none', '2026-04-01', 'Watch was asked for this day and had no value of it.'],
  ['has-data', 'had-none', '2026-04-02', 'Watch was asked for this day and had no value of it.'],
  ['not-due-yet', 'not-due-yet', '2026-04-03', 'It is asked again.'],
  ['failed', 'failed', '2026-04-04', 'The import of this day failed. Watch could not answer (500).'],
  [null, 'never-asked', '2026-04-05', 'was not asked for this day yet'],
  [null, 'never-asked', '2025-04-05', 'it lies before 1 Jan 2026'],
  [null, 'future', '2026-12-01', 'has not come yet'],
] as const)('a day of state %s without a value says %s', async (state, reason, day, sentence) => {
  if (state) await cover(state, day, day)
  await tributary.database.query(
    `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, reason,
       priority, run_after, finished_at)
     select user_id, id, source_id, 'manual', '2026-04-04', '2026-04-04', 'partial', 'Watch could not answer (500).', 10,
       now(), now() from tributary.user_integrations where source_id = 'watch' and user_id = $1`,
    [ada.user.id],
  )
  const { value, missing } = await explain('watch.steps', day)
  expect(value).toBeNull()
  expect(missing?.reason).toBe(reason)
  expect(missing?.sentence).toContain(sentence)
})

test('a stream that is off or not granted, a split field and an import on its way are said', async () => {
  expect(await explain('fitbit.stepsIntraday', '2026-11-18')).toMatchObject({
    missing: { reason: 'stream-off' },
  })
  expect(await explain('watch.byShoe', '2026-04-01')).toMatchObject({ missing: { reason: 'split' } })
  const cy = await tributary.addUser('cy@example.org')
  await tributary.connect(cy, 'fitbit', { scopes: ['activity', 'heartrate'] })
  await tributary.settled()
  expect(await explain('fitbit.sleepLength', '2026-11-18', cy)).toMatchObject({
    missing: { reason: 'not-granted', sentence: expect.stringContaining('Sleep') },
  })
  await tributary.database.query(
    `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, priority, run_after)
     select user_id, id, source_id, 'manual', '2026-05-01', '2026-05-01', 10, '2100-01-01'
     from tributary.user_integrations where source_id = 'watch' and user_id = $1`,
    [ada.user.id],
  )
  expect((await explain('watch.steps', '2026-05-01')).missing?.sentence).toContain('is being asked')
})

test('what could not be read is shown with the fetch, and a name that means nothing is refused', async () => {
  const explained = await explain('fitbit.steps', '2026-11-17')
  const fetch = explained.evidence?.streams[0]?.fetch?.id ?? ''
  await tributary.database.query(
    `insert into tributary.import_rejections (user_id, fetch_id, code, page, reason, record) values ($1, $2, 'unreadable', 1, 'it is no number', '{"a":1}')`,
    [ada.user.id, fetch],
  )
  expect((await explain('fitbit.steps', '2026-11-17')).evidence?.streams[0]?.fetch).toMatchObject({
    rejected: 1,
    rejections: [{ page: 1, reason: 'it is no number', record: { a: 1 } }],
  })
  for (const metric of ['watch.none', 'none.steps', 'metric.none', 'manual.none', ''])
    await expect(explain(metric, '2026-11-17')).rejects.toMatchObject({ status: 404, code: 'unknown-metric' })
})
