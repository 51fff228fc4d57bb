import { expect, test } from 'vitest'
import { eachDate, localDay, wallClock, wallMinutes } from './local-day.ts'
import { minutesAsleep } from './night.ts'
import { createPerson } from './person.ts'
import { uploadedBy, uploadOf } from './uploaded.ts'
import { workoutsOf } from './workouts.ts'

const person = createPerson()
const years = [...eachDate('2022-01-01', '2026-11-20')]

test('any day comes out the same when it is made alone', () => {
  for (const date of ['2023-06-17', '2026-03-29']) {
    expect(createPerson().minutes(date)).toEqual(person.minutes(date))
    expect(createPerson().night(date)).toEqual(person.night(date))
  }
})

test('another seed is another person', () => {
  expect(createPerson('somebody else').minutes('2023-06-17').steps).not.toEqual(
    person.minutes('2023-06-17').steps,
  )
})

test('the device lies in a drawer on about one day in sixty, and then there is neither sleep nor pulse nor step', () => {
  const idle = years.filter((date) => !person.wears(date))
  expect(years.length / idle.length).toBeGreaterThan(45)
  expect(years.length / idle.length).toBeLessThan(75)
  for (const date of idle) {
    const { steps, heart } = person.minutes(date)
    expect([person.night(date), person.nap(date), person.restingHeartRate(date)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(steps.some(Boolean) || heart.some(Boolean)).toBe(false)
  }
})

test('every other day ends a night on its morning, and no sleep overlaps the next or a day off', () => {
  let last = 0
  for (const date of years.filter(person.wears)) {
    const night = person.night(date)!
    expect(wallClock(night.end, person.zone).toPlainDate().toString()).toBe(date)
    for (const sleep of [night, person.nap(date)].filter((sleep) => sleep !== undefined)) {
      expect(sleep.start).toBeGreaterThan(last)
      expect(sleep.stages.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(sleep.end - sleep.start)
      last = sleep.end
    }
    const dayBefore = wallClock(night.start, person.zone).toPlainDate().toString()
    expect(person.wears(dayBefore)).toBe(true)
  }
})

test('some nights begin after midnight, some end after the upload, and there are naps', () => {
  const nights = years.flatMap((date) => person.night(date) ?? [])
  const late = nights.filter((night) => wallMinutes(night.start, night.date, person.zone) >= 0)
  const long = nights.filter((night) => wallMinutes(night.end, night.date, person.zone) > 9 * 60)
  expect(late.length).toBeGreaterThan(100)
  expect(long.length).toBeGreaterThan(50)
  expect(years.filter((date) => person.nap(date)).length).toBeGreaterThan(100)
})

test('a day has as many minutes as its clock really ran, when it is put forward or back too', () => {
  const lengths = ['2026-03-28', '2026-03-29', '2026-10-25'].map((date) => person.minutes(date).steps.length)
  expect(lengths).toEqual([1440, 1380, 1500])
})

test('a night over the change of the clock counts the minutes that passed', () => {
  for (const [date, change] of [
    ['2026-03-29', 60],
    ['2026-10-25', -60],
  ] as const) {
    const night = person.night(date)!
    const byClock = wallMinutes(night.end, date, person.zone) - wallMinutes(night.start, date, person.zone)
    expect(byClock - (night.end - night.start)).toBe(change)
  }
})

test('somebody asleep neither walks nor has a racing heart', () => {
  for (const date of eachDate('2024-05-01', '2024-05-31')) {
    const { state, steps, heart } = person.minutes(date)
    state.forEach((what, index) => {
      if (what === 3) expect([steps[index], heart[index]! < 90]).toEqual([0, true])
    })
  }
})

test('the person lives a plausible life', () => {
  const uploaded = uploadedBy(person, Temporal.Instant.from('2026-11-21T12:00Z'))
  const worn = years.filter(person.wears)
  const mean = (of: (date: string) => number) => worn.reduce((sum, date) => sum + of(date), 0) / worn.length
  expect(mean((date) => uploaded.totals(date).steps)).toBeGreaterThan(7000)
  expect(mean((date) => uploaded.totals(date).steps)).toBeLessThan(13_000)
  expect(mean((date) => uploaded.totals(date).kilocalories)).toBeGreaterThan(1800)
  expect(mean((date) => minutesAsleep(person.night(date)!))).toBeGreaterThan(390)
  expect(mean((date) => person.restingHeartRate(date)!)).toBeGreaterThan(50)
  expect(worn.every((date) => uploaded.totals(date).steps > 0)).toBe(true)
})

test('nothing after the last upload is seen, and the next upload at nine brings it', () => {
  const before = uploadedBy(person, Temporal.Instant.from('2026-11-20T07:59:59Z'))
  const after = uploadedBy(person, Temporal.Instant.from('2026-11-20T08:00:00Z'))
  const { start } = localDay('2026-11-20', person.zone)
  expect([before.until, after.until]).toEqual([start - 15 * 60, start + 9 * 60])
  expect([before.totals('2026-11-20').worn, before.night('2026-11-20')]).toEqual([0, undefined])
  expect(after.totals('2026-11-20').elapsed).toBe(9 * 60)
  expect(after.night('2026-11-20')).toBeDefined()
  expect(after.minutes('2026-11-20')?.heart.length).toBe(9 * 60)
  expect(before.totals('2026-11-19').elapsed).toBe(9 * 60)
  expect(after.totals('2026-11-19').elapsed).toBe(1440)
})

test('a sleep that goes on past the upload is not seen until the next', () => {
  const date = years.findLast((day) => {
    const night = person.night(day)
    return night && wallMinutes(night.end, day, person.zone) > 9 * 60
  })!
  const noon = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: person.zone, plainTime: '12:00' })
  expect(uploadedBy(person, noon.toInstant()).night(date)).toBeUndefined()
  expect(uploadedBy(person, noon.add({ days: 1 }).toInstant()).night(date)).toEqual(person.night(date))
})

test('an upload brings what ended by nine that morning, and else the next one does', () => {
  const at = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds / 60_000
  expect(uploadOf(at('2026-11-20T07:59Z'), person.zone)).toBe(at('2026-11-20T08:00Z'))
  expect(uploadOf(at('2026-11-20T08:00Z'), person.zone)).toBe(at('2026-11-20T08:00Z'))
  expect(uploadOf(at('2026-11-20T08:01Z'), person.zone)).toBe(at('2026-11-21T08:00Z'))
})

test('runs are quick, walks are long, and neither overlaps the other', () => {
  const workouts = years.slice(-365).flatMap((date) => {
    const day = person.minutes(date)
    return workoutsOf(day).map((workout) => ({ ...workout, day }))
  })
  let last = 0
  for (const { kind, start, end, day } of workouts) {
    const steps = day.steps.subarray(start - day.start, end - day.start)
    expect(end - start).toBeGreaterThanOrEqual(kind === 'run' ? 10 : 30)
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(kind === 'run' ? 140 : 80)
    expect(start).toBeGreaterThanOrEqual(last)
    last = end
  }
  expect(new Set(workouts.map(({ kind }) => kind)).size).toBe(2)
})

test('nobody programs two things at once, and on some days nothing', () => {
  let last = 0
  for (const { start, end } of years.flatMap((date) => person.coding(date))) {
    expect(start).toBeGreaterThanOrEqual(last)
    expect(end).toBeGreaterThan(start)
    last = end
  }
  const without = years.filter((date) => person.coding(date).length === 0).length / years.length
  expect(without).toBeGreaterThan(0.15)
  expect(without).toBeLessThan(0.5)
})

test('the days of another zone hold the same minutes, cut elsewhere', () => {
  const uploaded = uploadedBy(person, Temporal.Instant.from('2026-11-21T12:00Z'))
  const sum = (zone: string) =>
    [...eachDate('2026-03-01', '2026-04-30')].reduce(
      (total, date) => total + uploaded.totals(date, zone).elapsed,
      0,
    )
  expect(uploaded.totals('2026-11-10', 'Asia/Tokyo').steps).not.toBe(uploaded.totals('2026-11-10').steps)
  expect(sum('Asia/Tokyo')).toBe(61 * 1440)
  expect(sum('Europe/Berlin')).toBe(61 * 1440 - 60)
})
