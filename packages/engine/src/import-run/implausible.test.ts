import { afterEach, beforeEach, expect, test } from 'vitest'
import { definePlugin, type MappedRecord } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const days = { startDate: '2026-11-01', endDate: '2026-11-19' }

let tributary: TestEngine
let ada: SignedIn
/** What the source says now. */
let records: MappedRecord[]
let mappingVersion: number

/** The example service with vital signs and counts, as daily records and as measurements. */
function source() {
  const { plugin } = examplePlugin('example')
  const fields = {
    weight: { name: 'Weight', type: 'number', unit: 'kg', kind: 'weight', day: 'last' },
    pulse: { name: 'Heart rate', type: 'number', unit: '/min', kind: 'heart-rate', day: 'mean' },
    resting: { name: 'Resting heart rate', type: 'number', unit: '/min', kind: 'resting-heart-rate' },
    steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps', day: 'sum' },
    score: { name: 'Score', type: 'number', unit: '{score}' },
  } as const
  return definePlugin({
    ...plugin,
    mappingVersion,
    fields,
    streams: {
      days: {
        name: 'Body',
        fields: Object.keys(fields),
        maxDaysPerRequest: 90,
        answers: 'window',
        async *fetchData() {
          yield { records }
        },
        mapData: (pages) => pages.flatMap((page: { records: MappedRecord[] }) => page.records),
      },
    },
  })
}

async function start(): Promise<void> {
  tributary = await createTestEngine({
    plugins: [source(), ...plugins],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: days.startDate })
  tributary.startWorker()
  await tributary.settled()
}

beforeEach(async () => {
  records = []
  mappingVersion = 1
  await start()
})

afterEach(() => tributary.close())

const sync = () => tributary.sync(ada, 'example', days)
const value = async (metric: string, date: string) => {
  const { days: found } = await tributary.engine.metrics.daily(ada.user.id, {
    from: date,
    to: date,
    metrics: [metric],
  })
  return found[0]?.values[metric]
}
const day = (date: string, fields: Record<string, number>) => ({ date: `2026-11-${date}`, fields })
const at = (field: string, time: string, value: number) => ({
  field,
  start: `2026-11-${time}:00+01:00`,
  value,
})
const coverage = (state: string) =>
  tributary.database.query<{ days: string }>(`select days::text from tributary.coverage where state = $1`, [
    state,
  ])

test('an implausible value is rejected alone, and its neighbours in the record are stored', async () => {
  records = [day('12', { weight: 0, resting: 14, steps: 0, score: -3 }), day('13', { weight: 81 })]
  const job = await sync()
  expect(job).toMatchObject({
    status: 'succeeded',
    counts: { read: 2, rejected: 2, new: 3 },
    reason: 'Body: 2 values are implausible and were not stored.',
  })
  expect(await value('example.weight', '2026-11-12')).toBeNull()
  expect(await value('metric.weight', '2026-11-12')).toBeNull()
  expect(await value('example.resting', '2026-11-12')).toBeNull()
  expect(await value('example.steps', '2026-11-12')).toBe(0)
  expect(await value('example.score', '2026-11-12')).toBe(-3)
  expect(await value('example.weight', '2026-11-13')).toBe(81)
  expect(await tributary.engine.jobs.rejections(ada.user.id, job.id)).toEqual({
    rejections: [
      {
        code: 'implausible',
        reason: 'Weight of 0 kg is outside 0.3 to 700 kg.',
        stream: 'days',
        page: 0,
        record: records[0],
      },
      {
        code: 'implausible',
        reason: 'Resting heart rate of 14 per min is outside 15 to 250 per min.',
        stream: 'days',
        page: 0,
        record: records[0],
      },
    ],
    next: null,
  })
})

test('an implausible measurement neither counts in the mean of a day nor stands for its last', async () => {
  records = [
    at('pulse', '12T08:00', 60),
    at('pulse', '12T09:00', 0),
    at('pulse', '12T10:00', 80),
    at('weight', '12T08:00', 81),
    at('weight', '12T20:00', 0),
    at('steps', '12T08:00', 100),
    at('steps', '12T09:00', -90),
  ]
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { rejected: 3, new: 4 } })
  expect(await value('example.pulse', '2026-11-12')).toBe(70)
  expect(await value('example.weight', '2026-11-12')).toBe(81)
  expect(await value('example.steps', '2026-11-12')).toBe(100)
})

test('of two records of a day an implausible one does not hide the other, whatever their order', async () => {
  records = [
    day('12', { weight: 81 }),
    day('12', { weight: 0 }),
    day('13', { weight: 0 }),
    day('13', { weight: 80 }),
  ]
  await sync()
  expect(await value('example.weight', '2026-11-12')).toBe(81)
  expect(await value('example.weight', '2026-11-13')).toBe(80)
})

test('implausible values, however many, leave a job successful and their days covered', async () => {
  records = Array.from({ length: 19 }, (_, index) =>
    day(String(index + 1).padStart(2, '0'), { weight: index < 5 ? 81 : 0 }),
  )
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { rejected: 14 } })
  expect(await coverage('failed')).toEqual([{ days: '{}' }])
  expect(await coverage('has-data')).toEqual([{ days: '{[2026-11-01,2026-11-20)}' }])
})

test('implausible values do not make a few unreadable records too many', async () => {
  records = [
    ...Array.from({ length: 12 }, (_, index) => day(String(index + 1).padStart(2, '0'), { weight: 0 })),
    day('13', { weight: 'many' as unknown as number }),
  ]
  expect(await sync()).toMatchObject({
    status: 'succeeded',
    reason: 'Body: 1 record could not be read; the rest is in.',
  })
})

test('a value that became implausible at the source is gone; the day says why', async () => {
  records = [day('11', { weight: 80 }), day('12', { weight: 81 }), day('13', { weight: 82 })]
  await sync()
  records[1] = day('12', { weight: 0 })
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { removed: 1, rejected: 1 } })
  expect(await value('example.weight', '2026-11-12')).toBeNull()
  const { missing } = await tributary.engine.metrics.explain(ada.user.id, {
    metric: 'example.weight',
    date: '2026-11-12',
  })
  expect(missing).toEqual({
    reason: 'had-none',
    sentence:
      'Example was asked for this day and had no plausible value of it. Weight of 0 kg is outside 0.3 to 700 kg.',
  })
})

test('a remap takes away an implausible value that was stored, and lists it with the job', async () => {
  records = [day('12', { weight: 0 }), day('13', { weight: 82 })]
  const job = await sync()
  await tributary.database.query(`with listed as (delete from tributary.import_rejections)
    insert into tributary.daily_records (series_id, day, value)
    select id, '2026-11-12', 0 from tributary.series where field = 'weight'`)
  await tributary.engine.remaps.begin(ada.user.id, 'example')
  const status = async () => (await tributary.engine.remaps.get(ada.user.id, 'example'))?.status
  await expect.poll(status).toBe('ready')
  await tributary.engine.remaps.apply(ada.user.id, 'example')
  await expect.poll(status).toBe('applied')
  expect(await value('example.weight', '2026-11-12')).toBeNull()
  expect(await value('example.weight', '2026-11-13')).toBe(82)
  const { rejections } = await tributary.engine.jobs.rejections(ada.user.id, job.id)
  expect(rejections).toMatchObject([{ code: 'implausible', stream: 'days' }])
})

test('an implausible value that a person enters is refused with its range', async () => {
  const enter = (metric: string, entered: number) =>
    tributary.engine.metrics.enter(ada.user.id, { metric, date: '2026-11-12', value: entered })
  await expect(enter('example.weight', 0)).rejects.toMatchObject({
    status: 422,
    code: 'implausible-value',
    message: 'Weight of 0 kg is outside 0.3 to 700 kg.',
  })
  await enter('example.steps', 0)
  await enter('example.weight', 81)
  expect(await value('example.weight', '2026-11-12')).toBe(81)
})

test('implausible cells of an uploaded file are left out and listed; the file is imported', async () => {
  const columns = [
    { column: 'weight', field: 'weight', name: 'Weight', type: 'number', unit: 'kg', kind: 'weight' },
    { column: 'steps', field: 'steps', name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
  ]
  const mapping = {
    delimiter: ',',
    decimal: '.',
    dateColumn: 'date',
    dateFormat: 'YYYY-MM-DD',
    columns: columns.map((column) => ({ ...column, day: 'last' })),
  }
  const text = 'date,weight,steps\n2026-11-11,80,0\n2026-11-12,0,5000\n2026-11-12,81,\n2026-11-12,0,\n'
  const { id } = await tributary.engine.uploads.receive(ada.user.id, 'csv', {
    fileName: 'body.csv',
    content: (async function* () {
      yield Buffer.from(text)
    })(),
    mapping: () => JSON.stringify(mapping),
  })
  await tributary.settled()
  expect(await tributary.engine.jobs.get(ada.user.id, id)).toMatchObject({
    status: 'succeeded',
    counts: { rejected: 2 },
    reason:
      '2 values are implausible and were not stored: line 3: Weight of 0 kg is outside 0.3 to 700 kg; line 5: Weight of 0 kg is outside 0.3 to 700 kg.',
  })
  expect(await value('csv.weight', '2026-11-12')).toBe(81)
  expect(await value('csv.steps', '2026-11-11')).toBe(0)
  expect(await value('csv.steps', '2026-11-12')).toBe(5000)
  const { rejections } = await tributary.engine.jobs.rejections(ada.user.id, id)
  expect(rejections.map(({ code, stream }) => `${code} ${stream}`)).toEqual([
    'implausible file',
    'implausible file',
  ])
})
