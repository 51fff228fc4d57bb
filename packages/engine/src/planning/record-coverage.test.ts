import { plugins } from '@tributary/plugins'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { recordCoverage, failWindows } from './record-coverage.ts'

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

const first = '2026-01-01'
const length = 40
const day = (index: number) => addDays(first, index)

const window = fc
  .tuple(fc.nat({ max: length - 1 }), fc.nat({ max: length - 1 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
const event = fc.record({
  window,
  failed: fc.boolean(),
  tooManyRejected: fc.boolean(),
  filled: fc.array(fc.boolean(), { minLength: length, maxLength: length }),
  open: fc.nat({ max: length - 1 }),
  settled: fc.nat({ max: length }),
  rechecksEmptied: fc.boolean(),
})

test('a day is in one state at most, and in the one that the last thing said of it gives', async () => {
  let stream = 0
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
      const account = { userId, sourceId: 'fitbit', accountId: 'a' }
      const type = { stream: `s${stream++}`, dataType: 'one' }
      const expected: (string | undefined)[] = Array.from({ length })
      const found = await database.asUser(userId, async (db) => {
        for (const {
          window: { from, to },
          failed,
          tooManyRejected,
          filled,
          open,
          settled,
          rechecksEmptied,
        } of events) {
          const range = { from: day(from), to: day(to) }
          const days = filled.flatMap((is, index) => (is && index >= from && index <= to ? [day(index)] : []))
          if (failed) await failWindows(db, account, [{ ...type, ...range }])
          else {
            const said = {
              ...type,
              filled: days,
              settled: day(settled),
              unsettled: open >= from && open <= to ? [day(open)] : [],
              tooManyRejected,
              rechecksEmptied,
            }
            await recordCoverage(db, account, [
              { ...said, ...range },
              { ...said, ...range, dataType: 'two' },
            ])
          }
          for (let index = from; index <= to; index++) {
            if (failed) expected[index] ??= 'failed'
            else if (index === open) expected[index] = 'not-due-yet'
            else if (filled[index]) expected[index] = 'has-data'
            else if (tooManyRejected) expected[index] = 'failed'
            else if (rechecksEmptied && expected[index] === 'has-data') expected[index] = 'not-due-yet'
            else expected[index] = index <= settled ? 'had-none' : 'not-due-yet'
          }
        }
        const { rows } = await sql<{ state: string; day: string }>`
          select state, day::date::text as day from coverage, unnest(days) as range,
            generate_series(lower(range), upper(range) - 1, interval '1 day') as day
          where stream = ${type.stream} and data_type = ${type.dataType}`.execute(db)
        return rows
      })
      const states = new Map<string, string>()
      for (const row of found) {
        expect(states.has(row.day)).toBe(false)
        states.set(row.day, row.state)
      }
      expect(Array.from({ length }, (_, index) => states.get(day(index)))).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})
