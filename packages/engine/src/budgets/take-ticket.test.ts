import { plugins } from '@tributary/plugins'
import type { PluginDeclaration, RequestLimit } from '@tributary/plugin-sdk'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import type { SourceSettings } from '../sources/source-settings.ts'
import { awaitTurn } from './await-turn.ts'
import { takeTicket } from './take-ticket.ts'

const start = Temporal.Instant.from('2026-11-20T12:00:00Z')
const ofProject: RequestLimit = { requests: 5, seconds: 2, per: 'project' }
const ofAccount: RequestLimit = { requests: 7, seconds: 10, per: 'account' }

const fitbit = { id: 'fitbit', name: 'Fitbit' } as PluginDeclaration

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

/** An asker of one client; `seconds` count from the start. */
function client(clientId: string, limits: RequestLimit[]) {
  return async (accountId: string, seconds: number, patience = 1000): Promise<number> => {
    const earliest = start.add({ milliseconds: Math.round(seconds * 1000) })
    const latest = earliest.add({ seconds: patience })
    const request = { sourceId: 'fitbit', clientId, accountId, limits, earliest, latest }
    const at = await takeTicket(database, request)
    return (at.epochMilliseconds - start.epochMilliseconds) / 1000
  }
}

/** The most of these moments that lie within any stretch of so many seconds. */
function most(moments: number[], seconds: number): number {
  return Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + seconds).length))
}

test('within any stretch there are never more requests than each limit allows, whoever asks when', async () => {
  let run = 0
  const arrivals = fc.array(
    fc.record({
      account: fc.constantFrom('a', 'b', 'c'),
      pause: fc.double({ min: 0, max: 1.5, noNaN: true }),
    }),
    { minLength: 8, maxLength: 25 },
  )
  await fc.assert(
    fc.asyncProperty(arrivals, async (asked) => {
      const ask = client(`client ${run++}`, [ofProject, ofAccount])
      const given: { account: string; at: number }[] = []
      let now = 0
      for (const { account, pause } of asked) given.push({ account, at: await ask(account, (now += pause)) })
      expect(
        most(
          given.map(({ at }) => at),
          2,
        ),
      ).toBeLessThanOrEqual(5)
      for (const of of Map.groupBy(given, ({ account }) => account).values())
        expect(
          most(
            of.map(({ at }) => at),
            10,
          ),
        ).toBeLessThanOrEqual(7)
    }),
    { numRuns: 12 },
  )
})

test('a limit is used to the full, and asked at the same moment nobody gets the same place', async () => {
  const ask = client('at once', [ofProject])
  const given = await Promise.all(Array.from({ length: 12 }, () => ask('a', 0)))
  expect(given.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 2.25, 2.25, 2.25, 2.25, 2.25, 4.5, 4.5])
})

test('a moment later than somebody waits for is told and not booked', async () => {
  const ask = client('patience', [{ requests: 1, seconds: 60, per: 'account' }])
  expect(await ask('a', 0, 15)).toBe(0)
  expect(await ask('a', 1, 15)).toBe(60.25)
  expect(await ask('a', 2, 15)).toBe(60.25)
  expect(await ask('b', 2, 15)).toBe(2)
})

test('who asks one request after the other takes turns with others who do', async () => {
  const ask = client('turns', [ofProject])
  const due: Record<string, number> = { ada: 0, ben: 3 }
  const served: string[] = []
  for (let request = 0; request < 40; request++) {
    const next = due['ada']! <= due['ben']! ? 'ada' : 'ben'
    // An answer takes its time.
    due[next] = (await ask(next, due[next]!)) + 0.1
    served.push(next)
  }
  const together = served.slice(served.indexOf('ben'))
  const ofBen = together.filter((who) => who === 'ben').length
  expect(Math.abs(ofBen - together.length / 2)).toBeLessThanOrEqual(3)
})

test('a moment that was slept through is void, and another is taken that leaves time for it', async () => {
  let now = start
  let sleepyMs = 1000
  const clock = {
    now: () => now,
    wait(until: Temporal.Instant) {
      if (Temporal.Instant.compare(until, now) > 0) now = until.add({ milliseconds: sleepyMs })
      sleepyMs = 0
      return Promise.resolve()
    },
  }
  for (let request = 0; request < 5; request++) await client('sleepy', [ofProject])('a', 0)
  const settings = { client: { clientId: 'sleepy' }, limits: [ofProject] } as SourceSettings
  await awaitTurn({ database, clock }, fitbit, settings, 'a')
  expect(start.until(now).total('seconds')).toBe(4.25)
})

test('of a long limit one user takes all, and of several each leaves the others a part', async () => {
  const daily: RequestLimit = { requests: 100, seconds: 86_400, per: 'project' }
  const takeAll = async (ask: ReturnType<typeof client>, account: string, seconds: number) => {
    let taken = 0
    while ((await ask(account, seconds, 15)) <= seconds + 15) taken++
    return taken
  }
  const ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  expect(await takeAll(client('alone', [daily]), 'ada', 0)).toBe(100)

  await tributary.connect(await tributary.addUser('ben@example.org'), 'fitbit')
  const ask = client('two', [daily])
  expect(await takeAll(ask, 'ada', 0)).toBe(75)
  expect(await takeAll(ask, 'ben', 60)).toBe(19)
  // As the first day's requests grow old, the shares draw near to each other.
  const day = 86_500
  const [first, second] = [await takeAll(ask, 'ben', day), await takeAll(ask, 'ada', day)]
  expect(first + second).toBeLessThanOrEqual(100)
})
