import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plugins } from '@tributary/plugins'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database/database.ts'
import { createTestEngine } from '../testing/test-engine.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { checkKeys } from './check-keys.ts'
import { loadKeyRing } from './key-file.ts'
import { parseKeyRing } from './key-ring.ts'
import { Sealer } from './sealer.ts'

let testDatabase: TestDatabase
let database: ReturnType<typeof openDatabase>

beforeEach(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase({ url: testDatabase.url })
})

afterEach(async () => {
  await database.close()
  await testDatabase.drop()
})

test('a database that was sealed by another key refuses to start and names that key', async () => {
  const first = new Sealer(parseKeyRing(randomBytes(32).toString('base64')))
  await checkKeys(database, first)
  await checkKeys(database, first)
  const second = new Sealer(parseKeyRing(randomBytes(32).toString('base64')))
  await expect(checkKeys(database, second)).rejects.toThrow(
    `sealed by key ${first.ring.primary}, which is not among`,
  )
})

test('a database whose keys were lost goes on with new ones by what docs/operate.md says', async () => {
  const before = await createTestEngine({ plugins })
  const ada = await before.addUser('ada@example.org')
  await before.connect(ada, 'fitbit')
  await before.database.query(
    `insert into tributary.second_steps (user_id, secret, confirmed_at) values ($1, 'lost', now())`,
    [ada.user.id],
  )
  await before.engine.close()
  const page = await readFile(new URL('../../../../docs/operate.md', import.meta.url), 'utf8')
  await before.database.query(/```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
  const after = await createTestEngine({ plugins, database: before.database })
  expect(await after.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'disconnected' })
  expect(await after.engine.accounts.secondStep.read(ada.user.id)).toMatchObject({ on: false })
  await after.connect(ada, 'fitbit')
  expect(await after.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'connected' })
  await before.lab.close()
  await after.close()
})

test('of starts at the same moment one makes a key that only its owner may read, and all take it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-keys-'))
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) })
  try {
    const rings = await Promise.all(
      Array.from({ length: 8 }, () => loadKeyRing({ keys: undefined }, folder, log)),
    )
    const again = await loadKeyRing({ keys: undefined }, folder, log)
    expect(new Set([...rings, again].map(({ primary }) => primary)).size).toBe(1)
    expect(await readdir(folder)).toEqual(['keys'])
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o600)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toContain((await readFile(join(folder, 'keys'), 'utf8')).trim())
  } finally {
    await rm(folder, { recursive: true })
  }
})
