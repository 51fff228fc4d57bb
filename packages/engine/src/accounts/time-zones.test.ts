import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { canonicalZone, chooseName } from './time-zones.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins: [] })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

const storedZone = async () => {
  const [user] = await tributary.database.query<{ time_zone: string }>(
    'select time_zone from tributary.users where id = $1',
    [ada.user.id],
  )
  return user?.time_zone
}

test.each([
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['asia/saigon', 'Asia/Ho_Chi_Minh'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['US/Pacific', 'America/Los_Angeles'],
  ['Etc/UTC', 'UTC'],
])('a zone that is set as %s is stored as %s', async (given, stored) => {
  expect(await tributary.engine.accounts.setTimeZone(ada.user.id, given)).toBe(stored)
  expect(await storedZone()).toBe(stored)
})

test.each(['+05:30', 'Nowhere/Land', ''])('"%s" is no zone', async (given) => {
  await expect(tributary.engine.accounts.setTimeZone(ada.user.id, given)).rejects.toMatchObject({
    status: 422,
    code: 'unknown-time-zone',
  })
})

test('every zone to choose from is stored as it is called there, and its own present one is among them', async () => {
  const zones = await tributary.engine.accounts.timeZones()
  expect(zones).toEqual(expect.arrayContaining(['UTC', 'Asia/Kolkata', 'Europe/Berlin']))
  expect(zones.map((zone) => canonicalZone(zone))).toEqual(zones)
  expect(zones.length).toBeGreaterThan(400)
})

test('a zone whose name the database does not know is stored by another name of it', () => {
  expect(chooseName('Europe/Kyiv', new Set(['Europe/Berlin', 'Europe/Kiev']))).toBe('Europe/Kiev')
  expect(chooseName('Europe/Kyiv', new Set(['Europe/Berlin']))).toBeUndefined()
})

test('at a start zones get the name that the database knows, and fetched days stay of theirs', async () => {
  await tributary.database.query(`update tributary.users set time_zone = 'Asia/Calcutta'`)
  await tributary.database.query(
    `insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day, zone)
     values ($1, 'fitbit', 'one', 'activity', '2026-11-01', '2026-11-02', 'Asia/Calcutta')`,
    [ada.user.id],
  )
  const again = await createTestEngine({ plugins: [], beside: tributary })
  await again.close()
  expect(await storedZone()).toBe('Asia/Kolkata')
  expect(await tributary.database.query('select zone from tributary.fetches')).toEqual([
    { zone: 'Asia/Kolkata' },
  ])
})
