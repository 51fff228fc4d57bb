import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const source = 'example'
const days = { from: '2026-11-16', to: '2026-11-17' }
let tributary: TestEngine
let ada: SignedIn
let before: unknown

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [...plugins, examplePlugin(source)],
    aliases: { [source]: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, source)
  await tributary.engine.plugins.setKey(ada, 'wakatime', 'lab-key-1ab5ec2e7c0ffee0')
  await tributary.settled()
})

afterAll(() => tributary.close())

beforeEach(async () => {
  tributary.lab.lab.faults.clear()
  await syncOnce()
  before = await scores()
})

const scores = async () => {
  const metrics = [`${source}.dailyScore`]
  return (await tributary.engine.metrics.daily(ada.user.id, { ...days, metrics })).days
}

/** Imports the days once; what fails is not waited for. */
async function syncOnce(id = source) {
  tributary.clock.add({ minutes: 10 })
  const asked = { startDate: days.from, endDate: days.to }
  const job = await tributary.engine.plugins.sync(ada.user.id, id, asked)
  await tributary.settled()
  return tributary.engine.jobs.get(ada.user.id, job.id)
}

/** What the source answers for data from now on, as it stands. */
function answerWith(body: string, path = /data/, from = source): void {
  tributary.lab.lab.faults.add({ source: from, path, times: Infinity, respond: { status: 200, body } })
}

const entries = (entry: string) => `{"entries":[${entry}]}`

test('a key that names a prototype is a key, and changes nothing here', async () => {
  answerWith(
    `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${entries(
      '{"date":"2026-11-16","score":5,"__proto__":{"score":9,"polluted":1}}',
    ).slice(1)}`,
  )
  await syncOnce()
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  expect(await scores()).toMatchObject([{ values: { [`${source}.dailyScore`]: 5 } }, {}])
})

test('of a key that stands twice the last counts, as the kept answer shows', async () => {
  answerWith(entries('{"date":"2026-11-16","score":5,"score":6}'))
  await syncOnce()
  expect(await scores()).toMatchObject([{ values: { [`${source}.dailyScore`]: 6 } }, {}])
})

test.each([
  ['a number beyond all numbers', '1e999'],
  ['a text', '"much"'],
  ['an object', '{"valueOf":1}'],
])('%s is no value: its record is rejected and takes nothing away', async (_name, score) => {
  answerWith(entries(`{"date":"2026-11-16","score":${score}},{"date":"2026-11-17","score":7}`))
  const job = await syncOnce()
  expect(job.status).not.toBe('succeeded')
  const stored = await scores()
  expect(stored[0]).toEqual((before as unknown[])[0])
})

test.each(['not a day', '2026-02-31', "2026-11-16'; drop table tributary.users; --"])(
  'the day %j is none: its record is rejected or left out',
  async (date) => {
    answerWith(entries(`{"date":${JSON.stringify(date)},"score":7}`))
    await syncOnce()
    expect(await scores()).toEqual(before)
    expect(await tributary.database.query('select count(*)::integer as n from tributary.users')).toEqual([
      { n: 1 },
    ])
  },
)

test.each([
  ['nested without end', '['.repeat(1_000_000)],
  ['nested without end in objects', '{"a":'.repeat(1_000_000)],
  ['no JSON', '<html>hello</html>'],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '1'],
  ['entries that are no list', '{"entries":{"length":1e9}}'],
])('an answer that is %s is an error, and takes nothing away', async (_name, body) => {
  answerWith(body)
  const job = await syncOnce()
  expect(job.status).not.toBe('succeeded')
  expect(await scores()).toEqual(before)
})

test('names that a source gives are data: SQL, scripts and prototypes come back as they were', async () => {
  const names = [
    `'; drop table tributary.users; --`,
    '<img src=x onerror=alert(1)>',
    '__proto__',
    'constructor',
    '=1+1',
  ]
  const projects = names.map((name, at) => ({ name, total_seconds: 60 * (at + 1) }))
  const data = [
    { grand_total: { total_seconds: 900 }, range: { date: days.from }, projects, languages: [] },
    { grand_total: { total_seconds: 0 }, range: { date: days.to }, projects: [], languages: [] },
  ]
  answerWith(JSON.stringify({ data }), /summaries/, 'wakatime')
  expect((await syncOnce('wakatime')).reason ?? '').not.toMatch(/went wrong/)
  const split = await tributary.engine.metrics.split(ada.user.id, {
    metric: 'wakatime.codingTimeByProject',
    ...days,
  })
  for (const name of names) expect(JSON.stringify(split)).toContain(JSON.stringify(name).slice(1, -1))
  expect(await tributary.database.query('select count(*)::integer as n from tributary.users')).toEqual([
    { n: 1 },
  ])
})

test('a zero byte in a name fails its import, and takes nothing away', async () => {
  const read = () =>
    tributary.engine.metrics.split(ada.user.id, { metric: 'wakatime.codingTimeByProject', ...days })
  const stored = await read()
  const projects = [{ name: 'a\u0000b', total_seconds: 60 }]
  const data = [
    { grand_total: { total_seconds: 900 }, range: { date: days.from }, projects, languages: [] },
    { grand_total: { total_seconds: 0 }, range: { date: days.to }, projects: [], languages: [] },
  ]
  answerWith(JSON.stringify({ data }), /summaries/, 'wakatime')
  expect((await syncOnce('wakatime')).status).not.toBe('succeeded')
  expect(await read()).toEqual(stored)
})
