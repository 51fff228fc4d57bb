import type { Field } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { longestMs, stageRecords } from './stage-records.ts'

const fields: Record<string, Field> = {
  beat: { name: 'Beat', type: 'number', day: 'mean' },
  night: { name: 'Night', type: 'duration', day: 'duration', belongsTo: 'end' },
}
const noon = Date.UTC(2026, 0, 1, 12)

async function rejectedOf(field: string, start: number, end = start) {
  const { rejections, measurements } = await stageRecords({ fields }, [{ field, start, end, value: 1 }])
  expect(measurements.length).toBe(rejections.length === 0 ? 1 : 0)
  return rejections[0]?.reason
}

test('a time that the database cannot hold is rejected with its record alone', async () => {
  for (const start of [NaN, Infinity, 1e300, -1e300, 2e14, -2e14])
    expect(await rejectedOf('beat', start)).toBe('its time is no time')
  expect(await rejectedOf('beat', 1.9e14)).toBeUndefined()
  expect(await rejectedOf('beat', -1.9e14)).toBeUndefined()
})

test('a day that is not written with four digits for its year is rejected with its record alone', async () => {
  const days = ['+200000-01-01', '-000001-01-01', '2026-02-30', '0001-01-01', '9999-12-31']
  const { days: staged, rejections } = await stageRecords(
    { fields },
    days.map((date) => ({ date, fields: { beat: 1 } })),
  )
  expect(rejections.map(({ record }) => record)).toMatchObject(days.slice(0, 3).map((date) => ({ date })))
  expect(staged.map(({ day }) => day)).toEqual(days.slice(3))
})

test('what belongs to the day of its end lasts two days at most, for by its start it is found no farther away', async () => {
  expect(await rejectedOf('night', noon, noon + longestMs)).toBeUndefined()
  expect(await rejectedOf('night', noon, noon + longestMs + 1)).toBe('it lasts longer than two days')
  expect(await rejectedOf('beat', noon, noon + 10 * longestMs)).toBeUndefined()
})

test('times that are one to the microsecond are one, and the last of them counts', async () => {
  const records = [0, 0.0002].map((more, value) => ({ field: 'beat', start: noon + more, value }))
  const { measurements } = await stageRecords({ fields }, records)
  expect(measurements.length).toBe(1)
  expect(measurements.value[0]).toBe(1)
})

test('times written as text are kept to the microsecond too', async () => {
  const starts = ['2026-11-10T00:00:00.000100Z', '2026-11-10T00:00:00.0009Z', '1960-01-01T00:00:00.000001Z']
  const records = starts.map((start) => ({ field: 'beat', start, value: 1 }))
  const { measurements } = await stageRecords({ fields }, records)
  expect([...measurements.start].sort((one, other) => one - other)).toEqual([
    Date.UTC(1960, 0, 1) + 0.001,
    Date.UTC(2026, 10, 10) + 0.1,
    Date.UTC(2026, 10, 10) + 0.9,
  ])
})

test('names that no index takes are rejected with their record alone', async () => {
  const record = { field: 'beat', start: noon, value: 1 }
  const { measurements, rejections } = await stageRecords({ fields }, [
    { ...record, origin: 'ü'.repeat(751) },
    { ...record, origin: 'ü'.repeat(750) },
  ])
  expect(measurements.length).toBe(1)
  expect(rejections).toMatchObject([{ reason: 'its names are too long' }])
})
