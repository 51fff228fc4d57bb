import { plugins } from '@tributary/plugins'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { rollUp } from './roll-up.ts'

let tributary: TestEngine
let database: Database

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const sources = ['fitbit', 'google-fit'] as const
const days = ['2026-03-01', '2026-03-02'] as const
type State = Map<string, number>

let users = 0
/** A user with a series of daily steps of two sources. */
async function createPerson() {
  const { user } = await tributary.addUser(`${users++}@example.org`)
  const series = new Map<string, number>()
  for (const source of sources) {
    const [row] = await tributary.database.query<{ id: number }>(
      `insert into tributary.series (user_id, source_id, account_id, field) values ($1, $2, 'a', 'steps') returning id`,
      [user.id, source],
    )
    series.set(source, row?.id ?? 0)
  }

  /** Stores values of days as an import would, and rolls up. */
  const store = (source: string, values: Record<string, number | null>) =>
    database.asUser(user.id, async (db) => {
      for (const [day, value] of Object.entries(values)) {
        await sql`delete from daily_records where series_id = ${series.get(source)} and day = ${day}`.execute(
          db,
        )
        if (value !== null)
          await sql`insert into daily_records (series_id, day, value) values (${series.get(source)}, ${day}, ${value})`.execute(
            db,
          )
      }
      const slices = Object.keys(values).map((day) => ({ fields: ['steps'], from: day, to: day }))
      return rollUp(db, { userId: user.id, sourceId: source, zone: 'UTC', cause: 'import', slices })
    })

  const state = async (): Promise<State> => {
    const rows = await tributary.database.query<{ key: string; value: number }>(
      `select metric_name || ' ' || day as key, value from tributary.daily_metric_values where user_id = $1`,
      [user.id],
    )
    return new Map(rows.map(({ key, value }) => [key, value]))
  }
  const recorded = () =>
    tributary.database.query<{ id: number; key: string; before: number | null; after: number | null }>(
      `select id::integer, metric_name || ' ' || day as key, before_value as before, after_value as after
       from tributary.value_changes where user_id = $1 order by id`,
      [user.id],
    )
  return { userId: user.id, store, state, recorded }
}

test('what is recorded, undone from the last to the first, leads back to each value that there was', async () => {
  const step = fc.record({
    source: fc.constantFrom(...sources),
    values: fc.dictionary(fc.constantFrom(...days), fc.option(fc.integer({ min: 0, max: 2 })), {
      minKeys: 1,
    }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
      const person = await createPerson()
      const states: State[] = [new Map()]
      const ends = [0]
      for (const { source, values } of steps) {
        const changes = await person.store(source, values)
        const expected = new Map(states.at(-1))
        for (const { metric, day, before, after } of changes) {
          expect(expected.get(`${metric} ${day}`) ?? null).toBe(before)
          expect(after).not.toBe(before)
          if (after === null) expected.delete(`${metric} ${day}`)
          else expected.set(`${metric} ${day}`, Number(after))
        }
        // What is returned is all that changed, first values included.
        expect(await person.state()).toEqual(expected)
        states.push(expected)
        ends.push((await person.recorded()).at(-1)?.id ?? 0)
      }
      const rows = await person.recorded()
      const replayed = new Map<string, number | null>(states.at(-1))
      for (let at = steps.length; at > 0; at--) {
        const ofStep = rows.filter(({ id }) => id > (ends[at - 1] ?? 0) && id <= (ends[at] ?? 0))
        for (const { key, before, after } of ofStep.reverse()) {
          expect(replayed.get(key) ?? null).toBe(after)
          replayed.set(key, before)
        }
        const known = new Set(states.slice(0, at).flatMap((state) => [...state.keys()]))
        for (const key of known) expect(replayed.get(key) ?? null, key).toBe(states[at - 1]?.get(key) ?? null)
      }
    }),
    { numRuns: 25 },
  )
})

test('a first value is no change, and one that comes back after a deletion is', async () => {
  const { store, recorded } = await createPerson()
  const key = 'fitbit.steps 2026-03-01'
  const ofField = async () =>
    (await recorded()).filter((row) => row.key === key).map(({ before, after }) => [before, after])
  await store('fitbit', { '2026-03-01': 5 })
  expect(await ofField()).toEqual([])
  expect(await store('fitbit', { '2026-03-01': 5 })).toEqual([])
  await store('fitbit', { '2026-03-01': null })
  await store('fitbit', { '2026-03-01': 7 })
  await store('fitbit', { '2026-03-01': 8 })
  expect(await ofField()).toEqual([
    [5, null],
    [null, 7],
    [7, 8],
  ])
})

test('the same number of another source is no change of a kind, and when it last changed stays', async () => {
  const { userId, store, recorded } = await createPerson()
  const kind = () =>
    tributary.database.query(
      `select source, changed_at from tributary.daily_metric_values where metric_name = 'metric.steps' and user_id = $1`,
      [userId],
    )
  await store('fitbit', { '2026-03-01': 5 })
  await store('google-fit', { '2026-03-01': 5 })
  const [before] = await kind()
  expect(before).toMatchObject({ source: 'fitbit' })
  await store('fitbit', { '2026-03-01': null })
  expect(await kind()).toEqual([{ ...(before as object), source: 'google-fit' }])
  expect((await recorded()).map(({ key }) => key)).toEqual(['fitbit.steps 2026-03-01'])
})

test('an event names each metric that changed with its days, and a repeat writes none', async () => {
  const { userId, store } = await createPerson()
  const events = () =>
    tributary.database.query<{ payload: object }>(
      `select payload from tributary.events where user_id = $1 and kind = 'values-changed'`,
      [userId],
    )
  await store('fitbit', { '2026-03-01': 5, '2026-03-02': 6 })
  await store('fitbit', { '2026-03-01': 5, '2026-03-02': 6 })
  const both = { from: '2026-03-01', to: '2026-03-02', count: 2 }
  expect((await events()).map(({ payload }) => payload)).toEqual([
    {
      cause: 'import',
      jobId: null,
      metrics: [
        { metric: 'fitbit.steps', ...both },
        { metric: 'metric.steps', ...both },
      ],
    },
  ])
})
