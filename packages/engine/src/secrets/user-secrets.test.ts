import { randomBytes } from 'node:crypto'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { parseKeyRing } from './key-ring.ts'
import { SealError, Sealer } from './sealer.ts'
import { openForUser, sealForUser } from './user-secrets.ts'

let tributary: TestEngine
let database: ReturnType<typeof openDatabase>
let sealer: Sealer
let ada: SignedIn
let ben: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  sealer = new Sealer(parseKeyRing(tributary.keys))
  ada = await tributary.addUser('ada@example.org')
  ben = await tributary.addUser('ben@example.org')
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

const query = <Row extends object>(text: string) => tributary.database.query<Row>(text)

const placeOf = ({ user }: SignedIn, row = 'r1') => ({
  table: 'user_integrations',
  column: 'credentials',
  row,
  user: user.id,
})

test('the first secrets of a user, sealed at the same moment, make one key that opens all of them', async () => {
  const sealed = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      database.asUser(ada.user.id, (db) => sealForUser(db, sealer, `s${index}`, placeOf(ada))),
    ),
  )
  const opened = await database.asUser(ada.user.id, async (db) => {
    const texts: string[] = []
    for (const one of sealed) texts.push(await openForUser(db, sealer, one, placeOf(ada)))
    return texts
  })
  expect(opened).toEqual(sealed.map((_, index) => `s${index}`))
  expect(await query('select 1 from tributary.user_keys')).toHaveLength(1)
})

test('credentials that were moved to the connection of another user do not open there', async () => {
  await tributary.connect(ada, 'fitbit')
  await tributary.connect(ben, 'fitbit')
  await query(`update tributary.user_integrations set credentials =
    (select credentials from tributary.user_integrations where user_id = '${ada.user.id}')
    where user_id = '${ben.user.id}'`)
  const [moved] = await query<{ id: string; credentials: Buffer }>(
    `select id, credentials from tributary.user_integrations where user_id = '${ben.user.id}'`,
  )
  const open = database.asUser(ben.user.id, (db) =>
    openForUser(db, sealer, moved?.credentials ?? Buffer.alloc(0), placeOf(ben, moved?.id)),
  )
  await expect(open).rejects.toThrow(SealError)
})

test('a row of a deleted user that was kept elsewhere opens no more, even where the user comes back', async () => {
  await tributary.connect(ada, 'fitbit')
  const [kept] = await query<{ id: string; user_id: string; credentials: Buffer }>(
    'select id, user_id, credentials from tributary.user_integrations',
  )
  await query(`delete from tributary.users where id = '${ada.user.id}'`)
  expect(await query('select 1 from tributary.user_keys')).toEqual([])
  const left = kept?.credentials ?? Buffer.alloc(0)
  const place = placeOf(ada, kept?.id)
  await expect(database.asUser(ada.user.id, (db) => openForUser(db, sealer, left, place))).rejects.toThrow(
    'The key of this user is gone',
  )
  await query(
    `insert into tributary.users (id, name, email) values ('${ada.user.id}', 'Ada', 'again@example.org')`,
  )
  await database.asUser(ada.user.id, (db) => sealForUser(db, sealer, 'new', place))
  await expect(database.asUser(ada.user.id, (db) => openForUser(db, sealer, left, place))).rejects.toThrow(
    SealError,
  )
  expect(() => sealer.open(left, place)).toThrow(SealError)
})

test('a key of another installation opens nothing of a user', async () => {
  const sealed = await database.asUser(ada.user.id, (db) => sealForUser(db, sealer, 'x', placeOf(ada)))
  const other = new Sealer(parseKeyRing(randomBytes(32).toString('base64')))
  await expect(
    database.asUser(ada.user.id, (db) => openForUser(db, other, sealed, placeOf(ada))),
  ).rejects.toThrow('is not among the given keys')
})
