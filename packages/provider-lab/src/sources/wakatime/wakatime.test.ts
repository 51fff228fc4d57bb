import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestLab } from '../../test-client.ts'
import type { TestLab } from '../../test-client.ts'
import { truthOf } from '../../test-connection.ts'

interface Part {
  name: string
  total_seconds: number
  percent: number
}
interface Summary {
  grand_total: { total_seconds: number; digital: string; decimal: string; text: string }
  range: { date: string; start: string; end: string; timezone: string }
  projects: Part[]
  languages: Part[]
  editors: Part[]
  categories: Part[]
  machines: Part[]
  dependencies: Part[]
}
interface Day {
  date: string
  codingSeconds: number | null
  projects: Record<string, number>
  languages: Record<string, number>
}

let lab: TestLab
beforeEach(async () => void (lab = await startTestLab('2026-11-20T12:00:00Z')))
afterEach(() => lab.close())

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(key).toString('base64')}` })
const ask = (path: string, headers: Record<string, string> = basic('lab-key-1ab5ec2e7c0ffee0')) =>
  fetch(`${lab.url}/wakatime/api/v1/users/current${path}`, { headers })
const summaries = async (query: string) =>
  ((await (await ask(`/summaries?${query}`)).json()) as { data: Summary[] }).data
const secondsByName = (parts: Part[]) =>
  Object.fromEntries(parts.map(({ name, total_seconds }) => [name, total_seconds]))

test.each(['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'])(
  'every day of %s has its true seconds, by project and language, and 0 where nothing was coded',
  async (zone) => {
    const data = await summaries(`start=2026-08-01&end=2026-11-20&timezone=${zone}`)
    const days = await truthOf<Day>(lab, 'wakatime', '2026-08-01', '2026-11-20', zone)
    expect(data.map(({ range }) => range.date)).toEqual(days.map(({ date }) => date))
    expect(data.map(({ grand_total }) => grand_total.total_seconds)).toEqual(
      days.map(({ codingSeconds }) => codingSeconds ?? 0),
    )
    expect(data.map(({ projects }) => secondsByName(projects))).toEqual(days.map(({ projects }) => projects))
    expect(data.map(({ languages }) => secondsByName(languages))).toEqual(
      days.map(({ languages }) => languages),
    )
    expect(days.some(({ codingSeconds }) => codingSeconds === null)).toBe(true)
    expect(days.some(({ codingSeconds }) => codingSeconds !== null && codingSeconds % 1 !== 0)).toBe(true)
  },
)

test('the parts of a day add up to it, whatever it is divided by', async () => {
  for (const day of await summaries('start=2026-10-01&end=2026-10-31')) {
    const { total_seconds: total } = day.grand_total
    for (const parts of [day.projects, day.languages, day.editors, day.categories, day.machines]) {
      expect(parts.reduce((sum, part) => sum + part.total_seconds, 0)).toBeCloseTo(total, 3)
      expect(parts.reduce((sum, part) => sum + part.percent, 0)).toBeCloseTo(total > 0 ? 100 : 0, 0)
    }
    expect(day.dependencies).toEqual([])
  }
})

test('a day says when it begins and ends, in the zone that was asked for or the account has', async () => {
  const [day] = await summaries('start=2026-11-18&end=2026-11-18')
  expect(day?.range).toMatchObject({
    date: '2026-11-18',
    start: '2026-11-17T23:00:00Z',
    end: '2026-11-18T22:59:59Z',
    timezone: 'Europe/Berlin',
  })
  const [other] = await summaries('start=2026-11-18&end=2026-11-18&timezone=Asia/Tokyo')
  expect(other?.range.start).toBe('2026-11-17T15:00:00Z')
})

test('editors report at once: what was coded this morning is there before any upload', async () => {
  const seconds = async () =>
    (await summaries('start=2026-11-20&end=2026-11-20'))[0]?.grand_total.total_seconds
  const atNoon = (await seconds()) ?? 0
  lab.pass({ hours: 11 })
  const atNight = (await seconds()) ?? 0
  expect(atNoon).toBeGreaterThan(0)
  expect(atNight).toBeGreaterThan(atNoon)
})

test('the account has an id and a zone', async () => {
  const { data } = (await (await ask('')).json()) as { data: Record<string, unknown> }
  expect(data).toMatchObject({ username: 'robinsample', timezone: 'Europe/Berlin' })
  expect(data.id).toMatch(/^[0-9a-f-]{36}$/)
})

test('the key is taken from the header, with or without a colon, or from the query', async () => {
  const key = lab.lab.apiKey('wakatime') ?? ''
  expect((await ask('', basic(key))).status).toBe(200)
  expect((await ask('', basic(`${key}:`))).status).toBe(200)
  expect((await ask(`?api_key=${key}`, {})).status).toBe(200)
})

test('any other key, and none, is unauthorized', async () => {
  for (const answer of [
    await ask('', basic('another')),
    await ask('', {}),
    await ask('?api_key=another', basic('lab-key-1ab5ec2e7c0ffee0')),
    await ask('', { authorization: 'Bearer lab-key-1ab5ec2e7c0ffee0' }),
  ]) {
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'Unauthorized' }])
  }
})

test.each([
  ['start=2026-11-18', 'end'],
  ['start=18.11.2026&end=2026-11-18', 'start'],
  ['start=2026-11-18&end=2026-11-17', 'end'],
  ['start=2026-11-18&end=2026-11-18&timezone=Mars/Olympus', 'timezone'],
])('%s is refused for its %s', async (query, field) => {
  const answer = await ask(`/summaries?${query}`)
  const { errors } = (await answer.json()) as { errors: Record<string, unknown> }
  expect([answer.status, Object.keys(errors)]).toEqual([400, [field]])
})

test('too many requests in five minutes are 429 until the next five', async () => {
  await lab.close()
  lab = await startTestLab('2026-11-20T12:00:00Z', { requestLimits: { wakatime: 2 } })
  const statuses = [(await ask('')).status, (await ask('')).status, (await ask('')).status]
  expect(statuses).toEqual([200, 200, 429])
  lab.pass({ minutes: 5 })
  expect((await ask('')).status).toBe(200)
})
