import type { Field, MappedRecord } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { filledDays } from './filled-days.ts'
import { stageRecords } from './stage-records.ts'

const zone = 'Europe/Berlin'
const fields: Record<string, Field> = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' },
  asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' },
}
const window = { from: '2026-10-24', to: '2026-10-26' }

async function filledBy(...records: MappedRecord[]): Promise<string[]> {
  const staged = await stageRecords({ fields, days: { ...window, zone } }, records)
  return filledDays({ ...window, fields, staged }, zone).sort()
}

const measured = (field: string, start: string, end: string): MappedRecord => ({
  field,
  start,
  end,
  value: 1,
})

test('a measurement fills the local day that it belongs to: a minute that of its start, a night that of its end', async () => {
  // Before midnight in Berlin, and after it.
  expect(await filledBy(measured('steps', '2026-10-24T21:59:00Z', '2026-10-24T22:00:00Z'))).toEqual([
    '2026-10-24',
  ])
  expect(await filledBy(measured('steps', '2026-10-24T22:00:00Z', '2026-10-24T22:01:00Z'))).toEqual([
    '2026-10-25',
  ])
  const night = measured('asleep', '2026-10-24T21:00:00Z', '2026-10-25T06:00:00Z')
  expect(await filledBy(night)).toEqual(['2026-10-25'])
  expect(await filledBy(measured('asleep', '2026-10-23T21:00:00Z', '2026-10-24T05:00:00Z'), night)).toEqual([
    '2026-10-24',
    '2026-10-25',
  ])
})

test('a daily record fills its day, and what lies outside the window fills none', async () => {
  const said = (date: string): MappedRecord => ({ date, fields: { steps: 5 } })
  const outside = measured('asleep', '2026-10-26T21:00:00Z', '2026-10-27T05:00:00Z')
  expect(await filledBy(said('2026-10-23'), said('2026-10-26'), outside)).toEqual(['2026-10-26'])
})
