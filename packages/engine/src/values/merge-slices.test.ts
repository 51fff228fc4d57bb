import type { Field, MappedRecord } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { merge } from './merge.ts'
import { stageRecords } from './stage-records.ts'

const zone = 'Europe/Berlin'
/** Summer time ends on its third day. */
const first = '2026-10-23'
const length = 6
const day = (index: number) => addDays(first, index)
const midnight = (index: number) =>
  Temporal.PlainDate.from(day(index)).toZonedDateTime(zone).epochMilliseconds

const fields: Record<string, Field> = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' },
  asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' },
  mood: { name: 'Mood', type: 'text' },
}

let tributary: TestEngine
let database: Database
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  userId = (await tributary.addUser('ada@example.org')).user.id
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

beforeEach(() => tributary.database.query('delete from tributary.series'))

interface Answer {
  from: number
  to: number
  records: MappedRecord[]
  of?: string[]
  confirmed?: boolean
}

/** Merges the answers for some windows in one transaction. */
async function bring(answers: Answer[], { sourceId = 'fitbit', accountId = 'one' } = {}) {
  const windows = await Promise.all(
    answers.map(async ({ from, to, records, of = Object.keys(fields), confirmed = true }) => {
      const range = { from: day(from), to: day(to) }
      const own = Object.fromEntries(of.map((id) => [id, fields[id] as Field]))
      const staged = await stageRecords({ fields: own, days: { ...range, zone } }, records)
      return { ...range, fields: own, staged, confirmed }
    }),
  )
  const account = { userId, sourceId, accountId }
  const merged = await database.asUser(userId, (db) => merge(db, account, zone, windows))
  return merged.map(({ window: _, days: __, ...counts }) => counts)
}

/** What is stored, as `account field start end value`. */
async function stored(): Promise<string[]> {
  const rows = await tributary.database.query<{ text: string }>(`
    select concat_ws(' ', account_id, field, extract(epoch from start_at)::bigint * 1000,
      extract(epoch from end_at)::bigint * 1000, value) as text
    from tributary.measurements m join tributary.series s on s.id = m.series_id
    union all
    select concat_ws(' ', account_id, field, day, value, text_value)
    from tributary.daily_records r join tributary.series s on s.id = r.series_id
    order by 1`)
  return rows.map(({ text }) => text)
}

const said = (index: number, field: string, value: number | string): MappedRecord => ({
  date: day(index),
  fields: { [field]: value },
})

interface Measured {
  field: 'steps' | 'asleep'
  /** The day it belongs to. */
  index: number
  start: number
  end: number
  value: number
}

const minutes = 60_000
/** Minutes of the first and the last half hour of a day, and nights that begin before their day. */
const measured: fc.Arbitrary<Measured> = fc
  .record({
    field: fc.constantFrom('steps' as const, 'asleep' as const),
    index: fc.nat({ max: length - 1 }),
    place: fc.nat({ max: 2 }),
    long: fc.integer({ min: 1, max: 3 }),
    value: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ field, index, place, long, value }) => {
    const begin = midnight(index)
    if (field === 'asleep') {
      const start = begin - (180 - place * 60) * minutes
      return { field, index, start, end: begin + long * 120 * minutes, value }
    }
    const start = place === 2 ? midnight(index + 1) - 1 * minutes : begin + place * minutes
    return { field, index, start, end: start + long * 10_000, value }
  })

const windowOf = fc
  .tuple(fc.nat({ max: length - 1 }), fc.nat({ max: length - 1 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

test('of measurements each window leaves what its last answer said of its own days, on its own account', async () => {
  let number = 0
  const answer = fc.tuple(windowOf, fc.array(measured, { maxLength: 12 }))
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 5 }), async (answers) => {
      const accountId = `account ${number++}`
      const expected = new Map<string, Measured>()
      for (const [window, given] of answers) {
        const inside = ({ index }: Measured) => index >= window.from && index <= window.to
        const key = ({ field, start }: Measured) => `${field} ${start}`
        const before = new Map([...expected].filter(([, one]) => inside(one)))
        const after = new Map(given.filter(inside).map((one) => [key(one), one]))
        for (const name of before.keys()) expected.delete(name)
        for (const [name, one] of after) expected.set(name, one)
        const isSame = (name: string) => {
          const [one, other] = [before.get(name), after.get(name)]
          return one?.end === other?.end && one?.value === other?.value
        }
        const both = [...after.keys()].filter((name) => before.has(name))
        const counts = {
          suspicious: false,
          new: after.size - both.length,
          changed: both.filter((name) => !isSame(name)).length,
          unchanged: both.filter(isSame).length,
          removed: before.size - both.length,
        }
        // Whatever the source gives of the neighbouring days is not of this window.
        expect(await bring([{ ...window, records: given }], { accountId })).toEqual([counts])
        expect(await bring([{ ...window, records: given }], { accountId })).toEqual([
          { suspicious: false, new: 0, changed: 0, unchanged: after.size, removed: 0 },
        ])
      }
      const mine = (await stored()).filter((text) => text.startsWith(`${accountId} `))
      const lines = [...expected.values()].map(
        ({ field, start, end, value }) => `${accountId} ${field} ${start} ${end} ${value}`,
      )
      expect(mine).toEqual(lines.sort())
    }),
    { numRuns: 40 },
  )
})

test('records of the days around a window are not of it, even if the source gives them', async () => {
  await bring([{ from: 0, to: 2, records: [0, 1, 2].map((index) => said(index, 'steps', 5)) }])
  const around = [0, 1, 2, 3].map((index) => said(index, 'steps', 7))
  expect(await bring([{ from: 1, to: 1, records: around }])).toMatchObject([{ new: 0, changed: 1 }])
  expect(await stored()).toEqual([5, 7, 5].map((value, index) => `one steps ${day(index)} ${value}`))
})

test('a measurement of which the value or the end changed is changed', async () => {
  const minute = (at: number, seconds: number, value: number): MappedRecord => {
    const start = midnight(0) + at * minutes
    return { field: 'steps', start, end: start + seconds * 1000, value }
  }
  await bring([{ from: 0, to: 0, records: [minute(0, 60, 5), minute(1, 60, 5), minute(2, 60, 5)] }])
  const next = [minute(0, 60, 6), minute(1, 30, 5), minute(2, 60, 5)]
  expect(await bring([{ from: 0, to: 0, records: next }])).toMatchObject([{ changed: 2, unchanged: 1 }])
  const line = (at: number, seconds: number, value: number) =>
    `one steps ${midnight(0) + at * minutes} ${midnight(0) + at * minutes + seconds * 1000} ${value}`
  expect(await stored()).toEqual([line(0, 60, 6), line(1, 30, 5), line(2, 60, 5)])
})

test('streams that are written together take nothing of each other', async () => {
  const windows = [
    { from: 0, to: 0, of: ['steps'], records: [said(0, 'steps', 5)] },
    { from: 0, to: 0, of: ['mood'], records: [said(0, 'mood', 'fine')] },
  ]
  await bring(windows)
  const counts = { suspicious: false, new: 0, changed: 0, unchanged: 1, removed: 0 }
  expect(await bring(windows)).toEqual([counts, counts])
  const apart = [windows[0]!, { from: 1, to: 1, of: ['mood'], records: [] }]
  expect(await bring(apart)).toEqual([counts, { ...counts, unchanged: 0 }])
  expect(await stored()).toHaveLength(2)
})

test('a text that changed at the source is changed, and one that did not is not written', async () => {
  await bring([{ from: 0, to: 1, records: [said(0, 'mood', 'fine'), said(1, 'mood', 'tired')] }])
  const counts = { new: 0, removed: 0, suspicious: false }
  const next = [said(0, 'mood', 'good'), said(1, 'mood', 'tired')]
  expect(await bring([{ from: 0, to: 1, records: next }])).toEqual([{ ...counts, changed: 1, unchanged: 1 }])
  expect(await stored()).toEqual([`one mood ${day(0)} good`, `one mood ${day(1)} tired`])
})

test('an empty window takes nothing of other fields, accounts and sources, nor of uploads', async () => {
  const records = [
    said(0, 'steps', 5),
    said(0, 'mood', 'fine'),
    { field: 'asleep', start: midnight(0) - 60 * minutes, end: midnight(0) + 60 * minutes, value: 1 },
  ]
  for (const account of [
    { accountId: 'one' },
    { accountId: 'other' },
    { accountId: 'one', sourceId: 'google-fit' },
  ])
    await bring([{ from: 0, to: 0, records }], account)
  await bring([{ from: 0, to: 0, records }], { accountId: 'layered' })
  await tributary.database.query(
    `update tributary.series set account_id = 'one', layer = 1 where account_id = 'layered'`,
  )
  const before = await stored()
  expect(before).toHaveLength(12)
  const [counts] = await bring([{ from: 0, to: 0, records: [], of: ['steps'] }])
  expect(counts).toMatchObject({ removed: 1 })
  const gone = `one steps ${day(0)} 5`
  expect(await stored()).toEqual(before.toSpliced(before.indexOf(gone), 1))
})

test('of windows written together the suspicious one is left as it is, and the others are written', async () => {
  const minute = (index: number, at: number, value: number): MappedRecord => {
    const start = midnight(index) + at * minutes
    return { field: 'steps', start, end: start + minutes, value }
  }
  const full = (index: number) => [0, 1, 2, 3].map((at) => minute(index, at, 5))
  await bring([
    { from: 0, to: 0, records: [...full(0), said(0, 'mood', 'fine'), said(0, 'asleep', 60)] },
    { from: 1, to: 1, records: full(1) },
  ])
  const before = await stored()
  // Of the first day one minute is left of four, one changed and one is new; so is its mood.
  const suspicious = [minute(0, 0, 5), minute(0, 9, 7), said(0, 'mood', 'good'), said(0, 'asleep', 50)]
  const merged = await bring([
    { from: 0, to: 0, records: suspicious, confirmed: false },
    { from: 1, to: 1, records: [...full(1).slice(0, 3), minute(1, 9, 7)], confirmed: false },
  ])
  expect(merged).toEqual([
    { suspicious: true, new: 0, changed: 0, unchanged: 0, removed: 0 },
    { suspicious: false, new: 1, changed: 0, unchanged: 3, removed: 1 },
  ])
  const line = (at: number, value: number) =>
    `one steps ${midnight(1) + at * minutes} ${midnight(1) + (at + 1) * minutes} ${value}`
  expect(await stored()).toEqual([...before.filter((text) => text !== line(3, 5)), line(9, 7)].sort())
})

test('fewer values than before are suspicious, and so is losing most of them, whatever came in their place', async () => {
  const [one, two, three] = [said(0, 'steps', 5), said(1, 'steps', 5), said(2, 'steps', 5)]
  const [four, five] = [said(3, 'steps', 5), said(4, 'steps', 5)]
  await bring([{ from: 0, to: 5, records: [one, two, three] }])
  const next = async (...records: MappedRecord[]) =>
    (await bring([{ from: 0, to: 5, records, confirmed: false }]))[0]
  expect(await next(one, two)).toMatchObject({ suspicious: true })
  expect(await next(one, four, five)).toMatchObject({ suspicious: true })
  expect(await next(one, two, four)).toMatchObject({ suspicious: false, new: 1, removed: 1 })
})
