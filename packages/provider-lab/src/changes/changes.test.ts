import { afterEach, beforeEach, expect, test } from 'vitest'
import { minutesAsleep } from '../person/night.ts'
import { createPerson } from '../person/person.ts'
import { client } from '../sources/google-health/test-health.ts'
import { ask, connect, startTestLab } from '../test-client.ts'
import type { TestLab } from '../test-client.ts'
import { truthOf } from '../test-connection.ts'
import type { TrueDay } from '../truth/true-days.ts'

/** A Tuesday with a night, a weighing and a run, seen from the Friday after. */
const date = '2026-10-06'
const person = createPerson()

let lab: TestLab
let token: string
beforeEach(async () => {
  lab = await startTestLab('2026-10-09T12:00:00Z')
  token = (await connect(lab)).access_token
})
afterEach(() => lab.close())

/** Lets time pass, and connects again: a token lasts for some hours. */
async function pass(duration: Temporal.DurationLike): Promise<void> {
  lab.pass(duration)
  token = (await connect(lab)).access_token
}

const truth = async (query = '', source = 'fitbit') => {
  const answer = await fetch(`${lab.url}/truth/${source}?from=${date}&to=${date}${query}`)
  const { days } = (await answer.json()) as { days: [TrueDay & { workouts?: number }] }
  return days[0]
}
const fitbit = async (path: string) => (await ask(lab, path, token)).json()
const nights = async () =>
  (
    (await fitbit(`/1.2/user/-/sleep/date/${date}/${date}.json`)) as { sleep: { isMainSleep: boolean }[] }
  ).sleep.filter(({ isMainSleep }) => isMainSleep)
const steps = async () => {
  const path = `/1/user/-/activities/steps/date/${date}/${date}.json`
  const answer = (await fitbit(path)) as { 'activities-steps': [{ value: string }] }
  return Number(answer['activities-steps'][0].value)
}

test('a late night is nowhere until its hours have passed, nor is what was measured in it', async () => {
  const whole = await truth()
  lab.lab.changes.add({ date, late: 'night', hours: 80 })
  const filter = `sleep.interval.civil_end_time >= "${date}" AND sleep.interval.civil_end_time < "2026-10-07"`
  const sessions = async () =>
    (await (await client(lab)).page('sleep/dataPoints', { filter })).dataPoints.length
  const before = await sessions()
  expect(await nights()).toEqual([])
  expect(await truth()).toEqual({
    ...whole,
    ...{ sleepMinutes: null, bedTime: null, wakeUpTime: null, hrv: null, spo2: null, breathingRate: null },
    ...{ sleepDeep: null, sleepLight: null, sleepRem: null, sleepAwake: null },
  })
  expect(await truth('&at=2026-10-10T00:00:00Z')).toEqual(whole)
  await pass({ hours: 12 })
  expect(await nights()).toHaveLength(1)
  expect(await sessions()).toBe(before + 1)
  expect(await truth()).toEqual(whole)
})

test('a late day is one on which nothing was worn, at the source that it is named for', async () => {
  const whole = await truth()
  lab.lab.changes.add({ source: 'fitbit', date, late: 'minutes', hours: 72 })
  expect([await steps(), (await truth()).steps]).toEqual([0, null])
  expect((await truth('', 'google-health')).steps).toBe(whole.steps)
  await pass({ hours: 12 })
  expect([await steps(), await truth()]).toEqual([whole.steps, whole])
})

test('from its time on a correction holds for all that follows from it, and the truth', async () => {
  const night = person.night(date)!
  const before = { ...(await truth()), asked: await steps() }
  const at = '2026-10-09T13:00:00Z'
  lab.lab.changes.add({ date, at, multiplySteps: 0.5 })
  lab.lab.changes.add({ date, at, shortenNight: 30 })
  lab.lab.changes.add({ date, at, weight: 71.5 })
  lab.lab.changes.add({ date, at, restingHeartRate: 51 })
  expect({ ...(await truth()), asked: await steps() }).toEqual(before)
  await pass({ hours: 1 })
  const after = await truth()
  expect(after.steps! / before.steps!).toBeCloseTo(0.5, 1)
  expect(after.distance).toBeLessThan(before.distance!)
  expect(await steps()).toBe(after.steps)
  expect([after.weight, after.restingHeartRate, after.wakeUpTime]).toEqual([
    71.5,
    51,
    before.wakeUpTime! - 30,
  ])
  expect(after.sleepMinutes).toBeLessThan(minutesAsleep(night))
  expect(await nights()).toMatchObject([{ minutesAsleep: after.sleepMinutes }])
})

test('what was deleted is gone: a workout, a weighing, a night, some minutes, a day', async () => {
  const at = '2026-10-09T12:00:00Z'
  const before = await truth('', 'google-health')
  expect(before.workouts).toBeGreaterThan(0)
  lab.lab.changes.add({ date, at, removeWorkout: 0 })
  expect(await truth('', 'google-health')).toEqual({ ...before, workouts: before.workouts! - 1 })
  lab.lab.changes.add({ date, at, remove: 'weighing' })
  lab.lab.changes.add({ date, at, remove: 'night' })
  expect(await truth()).toMatchObject({ weight: null, sleepMinutes: null, steps: before.steps })
  lab.lab.changes.add({ date, at, removeMinutes: [12 * 60, 24 * 60] })
  const half = await truth()
  expect([half.steps! > 0, half.steps! < before.steps!, await steps()]).toEqual([true, true, half.steps])
  const path = `/1/user/-/activities/heart/date/${date}/1d/1min.json`
  const intraday = (await fitbit(path)) as { 'activities-heart-intraday': { dataset: { time: string }[] } }
  expect(intraday['activities-heart-intraday'].dataset.at(-1)?.time).toBe('11:59:00')
  lab.lab.changes.add({ date, at, remove: 'day' })
  const { date: _, ...gone } = await truth()
  expect(Object.values(gone).filter((value) => value !== null)).toEqual([])
})

test('other days stay as they are, and all of them when the changes are taken back', async () => {
  const range = ['2026-10-01', '2026-10-08'] as const
  const before = await truthOf<TrueDay>(lab, 'fitbit', ...range)
  lab.lab.changes.add({ date, at: '2026-10-07T00:00:00Z', remove: 'day' })
  const after = await truthOf<TrueDay>(lab, 'fitbit', ...range)
  expect(after.filter((day) => day.date !== date)).toEqual(before.filter((day) => day.date !== date))
  expect(after).not.toEqual(before)
  lab.lab.changes.clear()
  expect(await truthOf<TrueDay>(lab, 'fitbit', ...range)).toEqual(before)
})
