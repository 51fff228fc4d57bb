import { definePlugin } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const range = { from: '2026-11-09', to: '2026-11-19' }
const days = { startDate: range.from, endDate: range.to }

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({
    plugins: [...plugins, examplePlugin('example')],
    aliases: { example: 'example-service' },
    requestLimits: { 'google-health': 100_000, fitbit: 100_000 },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterEach(() => tributary.close())

/** Connects a source, imports the days of one stream, and returns what reads its values. */
async function connected(source: string, stream: string, fields: string[]) {
  const { plugins: sources, metrics } = tributary.engine
  if (source === 'wakatime') await sources.setKey(ada, source, 'lab-key-1ab5ec2e7c0ffee0')
  else await tributary.connect(ada, source)
  await sources.change(ada.user.id, source, { streams: [stream], historyPaused: true })
  await tributary.settled()
  expect(await tributary.sync(ada, source, days)).toMatchObject({ status: 'succeeded' })
  const names = fields.map((field) => `${source}.${field}`)
  const read = async () => (await metrics.daily(ada.user.id, { ...range, metrics: names })).days
  const before = await read()
  expect(
    before.flatMap(({ values }) => Object.values(values)).filter((value) => value !== null).length,
  ).toBeGreaterThan(4)
  return { read, before }
}

function befall(source: string, path: RegExp, status: number, body: unknown): void {
  tributary.lab.lab.faults.add({ source, path, times: 100, respond: { status, body } })
}

/** Imports the days, and lets every attempt that the job is given run. */
async function syncToTheEnd(source: string) {
  let job = await tributary.sync(ada, source, days)
  for (let attempt = 0; attempt < 8 && job.status === 'retrying'; attempt++) {
    tributary.clock.add({ hours: 1 })
    await tributary.settled()
    job = await tributary.engine.jobs.get(ada.user.id, job.id)
  }
  return job
}

const noSteps = { 'activities-steps': [] }
const otherDay = {
  grand_total: { total_seconds: 0 },
  range: { date: '2026-01-01' },
  projects: [],
  languages: [],
}

describe('what is no answer removes nothing however often it comes', () => {
  test.each<[string, string, string, string[], RegExp, number, unknown]>([
    [
      'an unfinished list of WakaTime',
      'wakatime',
      'summaries',
      ['codingTime'],
      /summaries/,
      202,
      { data: [] },
    ],
    [
      'a full list that is unfinished',
      'wakatime',
      'summaries',
      ['codingTime'],
      /summaries/,
      202,
      { data: [otherDay] },
    ],
    ['an empty list of WakaTime', 'wakatime', 'summaries', ['codingTime'], /summaries/, 200, { data: [] }],
    [
      'other days than those asked for',
      'wakatime',
      'summaries',
      ['codingTime'],
      /summaries/,
      200,
      { data: [otherDay] },
    ],
    [
      'an empty series of Fitbit',
      'fitbit',
      'activity',
      ['steps', 'distance'],
      /activities\/steps/,
      200,
      noSteps,
    ],
    ['an empty heart series', 'fitbit', 'heart', ['cardioLoad'], /heart/, 200, { 'activities-heart': [] }],
    ['no buckets', 'google-fit', 'activity', ['steps'], /aggregate/, 200, { bucket: [] }],
    [
      'part of the roll-ups',
      'google-health',
      'activity',
      ['steps'],
      /dailyRollUp/,
      206,
      { rollupDataPoints: [] },
    ],
    ['nothing of the example service', 'example', 'days', ['dailyScore'], /data/, 200, 'null'],
  ])('%s', async (_, source, stream, fields, path, status, body) => {
    const { read, before } = await connected(source, stream, fields)
    befall(source, path, status, body)
    const job = await syncToTheEnd(source)
    expect(job.counts.removed).toBe(0)
    expect(['failed', 'partial']).toContain(job.status)
    expect(await read()).toEqual(before)
    tributary.lab.lab.faults.clear()
    expect(await tributary.sync(ada, source, days)).toMatchObject({
      status: 'succeeded',
      counts: { removed: 0 },
    })
    expect(await read()).toEqual(before)
  })
})

test('an empty list removes nothing where no schema declares that it may be empty, and the job says so', async () => {
  const { read, before } = await connected('example', 'days', ['dailyScore'])
  befall('example', /data/, 200, { entries: [] })
  expect(await syncToTheEnd('example')).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('the plugin does not declare that they may be'),
    counts: { removed: 0 },
  })
  expect(await read()).toEqual(before)
})

test('a plugin whose listed days cannot be read fails, and removes nothing', async () => {
  const { plugin } = examplePlugin('example')
  const stream = {
    ...plugin.streams['days']!,
    listedDays: (page: { days: string[] }) => page.days.toSorted(),
  }
  const other = await createTestEngine({
    plugins: [definePlugin({ ...plugin, streams: { days: stream } })],
    aliases: { example: 'example-service' },
  })
  try {
    const bo = await other.addUser('bo@example.org')
    other.startWorker()
    await other.connect(bo, 'example')
    await other.settled()
    expect(await other.engine.plugins.get(bo.user.id, 'example')).toMatchObject({
      job: { status: 'retrying', counts: { new: 0 } },
    })
  } finally {
    await other.close()
  }
})
