import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** Seconds; `null`: nothing was coded. */
interface TrueDay {
  date: string
  codingSeconds: number | null
  projects: Record<string, number>
  languages: Record<string, number>
}

const range = { from: '2026-07-01', to: '2026-11-20' }

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.engine.plugins.setKey(ada, 'wakatime', 'lab-key-1ab5ec2e7c0ffee0')
  await tributary.engine.plugins.change(ada.user.id, 'wakatime', { historyFrom: range.from })
  tributary.startWorker()
  await tributary.settled()
})

afterAll(() => tributary.close())

test('every day has its true coding time, and none where nothing was coded', async () => {
  const truth = await readTruth()
  const metrics = ['wakatime.codingTime']
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics })
  expect(days).toEqual(
    truth.map(({ date, codingSeconds }) => ({ date, values: { 'wakatime.codingTime': codingSeconds } })),
  )
  expect(days.some(({ values }) => values['wakatime.codingTime'] === null)).toBe(true)
})

test.each([
  ['codingTimeByProject', ({ projects }: TrueDay) => projects],
  ['codingTimeByLanguage', ({ languages }: TrueDay) => languages],
])('%s gives each of the day’s names its time', async (field, secondsOf) => {
  const { days } = await tributary.engine.metrics.split(ada.user.id, {
    ...range,
    metric: `wakatime.${field}`,
  })
  const truth = (await readTruth()).map((day) => ({ date: day.date, values: secondsOf(day) }))
  expect(days).toEqual(truth.filter(({ values }) => Object.keys(values).length > 0))
  expect(new Set(days.flatMap(({ values }) => Object.keys(values))).size).toBeGreaterThan(1)
  const ben = await tributary.addUser(`${field}@example.org`)
  const other = await tributary.engine.metrics.split(ben.user.id, { ...range, metric: `wakatime.${field}` })
  expect(other.days).toEqual([])
})

test('after a move all days are asked again, which the source cuts by the zone', async () => {
  const zone = 'Pacific/Auckland'
  await tributary.engine.accounts.setTimeZone(ada.user.id, zone)
  await tributary.settled()
  const metrics = ['wakatime.codingTime']
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics })
  const truth = await readTruth(zone)
  expect(truth).not.toEqual(await readTruth())
  expect(days.map(({ values }) => values['wakatime.codingTime'])).toEqual(
    truth.map(({ codingSeconds }) => codingSeconds),
  )
})

async function readTruth(zone?: string): Promise<TrueDay[]> {
  const { from, to } = range
  const response = await fetch(
    `${tributary.lab.url}/truth/wakatime?from=${from}&to=${to}${zone ? `&zone=${zone}` : ''}`,
  )
  const { days } = (await response.json()) as { days: TrueDay[] }
  return days
}
