import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLab } from '../test-client.ts'
import type { TestLab } from '../test-client.ts'
import type { TrueDay } from './true-days.ts'

let lab: TestLab
beforeAll(async () => void (lab = await startTestLab('2026-11-20T12:00:00Z')))
afterAll(() => lab.close())

const truth = (query: string) => fetch(`${lab.url}/truth/fitbit?${query}`)
const days = async (query: string) => ((await (await truth(query)).json()) as { days: TrueDay[] }).days

test('every day of the range is there, in order, with every field', async () => {
  const found = await days('from=2026-10-01&to=2026-10-31')
  expect(found.map(({ date }) => date)).toEqual(
    Array.from({ length: 31 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`),
  )
  expect(new Set(found.map((day) => Object.keys(day).join())).size).toBe(1)
})

test('a day before the first and one after the upload are null throughout', async () => {
  for (const query of ['from=2021-12-31&to=2021-12-31', 'from=2026-11-21&to=2026-11-21']) {
    const [day] = await days(query)
    const { date: _, ...values } = day!
    expect(Object.values(values).filter((value) => value !== null)).toEqual([])
  }
})

test('a day on which the device was not worn has null steps', async () => {
  const idle = (await days('from=2024-01-01&to=2024-12-31')).filter(({ steps }) => steps === null)
  expect(idle.length).toBeGreaterThan(1)
  for (const day of idle) {
    expect(day).toMatchObject({
      steps: null,
      calories: null,
      sleepMinutes: null,
      restingHeartRate: null,
      hrv: null,
    })
  }
})

test('bed time is counted from the midnight of the day that the night ends on', async () => {
  const found = await days('from=2024-01-01&to=2024-12-31')
  const bedTimes = found.flatMap(({ bedTime }) => bedTime ?? [])
  expect(bedTimes.some((minutes) => minutes < 0) && bedTimes.some((minutes) => minutes > 0)).toBe(true)
  for (const { bedTime, wakeUpTime, sleepMinutes } of found.filter((day) => day.bedTime !== null)) {
    expect(Number.isInteger(bedTime) && Number.isInteger(wakeUpTime)).toBe(true)
    expect(wakeUpTime! - bedTime!).toBeGreaterThan(sleepMinutes! - 61)
  }
})

test('in another zone the same night has other clock times and the same length', async () => {
  const [berlin] = await days('from=2026-11-10&to=2026-11-10')
  const [london] = await days('from=2026-11-10&to=2026-11-10&zone=Europe/London')
  expect(london!.sleepMinutes).toBe(berlin!.sleepMinutes)
  expect(london!.bedTime).toBe(berlin!.bedTime! - 60)
  expect(london!.wakeUpTime).toBe(berlin!.wakeUpTime! - 60)
  expect(london!.steps).not.toBe(null)
})

test.each([
  ['to=2026-01-01', '"from" must be a date'],
  ['from=2026-02-30&to=2026-03-01', '"from" must be a date'],
  ['from=2026-01-01&to=tomorrow', '"to" must be a date'],
  ['from=2026-01-02&to=2026-01-01', 'must not be before'],
  ['from=1900-01-01&to=2026-01-01', 'At most'],
  ['from=2026-01-01&to=2026-01-02&zone=Mars/Olympus', '"zone" must be'],
  ['from=2026-01-01&to=2026-01-02&at=tomorrow', '"at" must be'],
])('%s is answered with a sentence: %s', async (query, sentence) => {
  const answer = await truth(query)
  const { error } = (await answer.json()) as { error: string }
  expect(answer.status).toBe(400)
  expect(error).toContain(sentence)
})

test('of a source that is not simulated there is no truth', async () => {
  expect((await fetch(`${lab.url}/truth/nobody?from=2026-01-01&to=2026-01-02`)).status).toBe(404)
})
