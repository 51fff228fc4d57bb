import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { plugins } from '../packages/plugins/src/index.ts'
import { openDatabase } from '../packages/engine/src/database/database.ts'
import type { SignedIn } from '../packages/engine/src/contract/engine.ts'
import { loadKeyRing } from '../packages/engine/src/secrets/key-file.ts'
import { type KeyRing, parseKeyRing } from '../packages/engine/src/secrets/key-ring.ts'
import { Sealer } from '../packages/engine/src/secrets/sealer.ts'
import { openForUser, sealForUser } from '../packages/engine/src/secrets/user-secrets.ts'
import { createTestEngine, type TestEngine } from '../packages/engine/src/testing/test-engine.ts'
import { runCommand, startApp } from './harness/start-app.ts'

const people = 1000
let folder: string
let ring: KeyRing
let tributary: TestEngine
let ada: SignedIn
let environment: Record<string, string>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-keys-command-'))
  ring = await loadKeyRing({ keys: undefined }, folder, pino({ level: 'silent' }))
  tributary = await createTestEngine({ plugins, keyRing: ring, requestLimits: { fitbit: 2000 } })
  ada = await tributary.addUser('ada@example.org', 'admin')
  environment = { DATABASE_URL: tributary.database.url, TRIBUTARY_DATA_DIR: folder }
})

afterEach(async () => {
  await tributary.close()
  await rm(folder, { recursive: true })
})

const query = <Row extends object>(text: string) => tributary.database.query<Row>(text)

async function run(command: string, given = environment): Promise<string> {
  const process = runCommand(command, given)
  expect(await process.exited, process.output()).toBe(0)
  return process.output()
}

async function sealedBy(keyId: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    `select count(*)::integer as count from tributary.user_keys where key_id = '${keyId}'`,
  )
  return row?.count ?? 0
}

const placeOf = (user: string) => ({ table: 't', column: 'c', row: 'r', user })

/** Many people with a secret each, beside those who work. */
async function addPeople(sealer: Sealer): Promise<Map<string, Buffer>> {
  const users = await query<{ id: string }>(
    `insert into tributary.users (name, email) select 'p', 'p' || n from generate_series(1, ${people}) n returning id`,
  )
  const database = openDatabase({ url: tributary.database.url, maxConnections: 4 })
  const secrets = new Map<string, Buffer>()
  for (const { id } of users)
    secrets.set(id, await database.asUser(id, (db) => sealForUser(db, sealer, `of ${id}`, placeOf(id))))
  await database.close()
  return secrets
}

async function expectAllOpen(sealer: Sealer, secrets: Map<string, Buffer>): Promise<void> {
  const database = openDatabase({ url: tributary.database.url, maxConnections: 4 })
  try {
    for (const [id, sealed] of secrets)
      expect(await database.asUser(id, (db) => openForUser(db, sealer, sealed, placeOf(id)))).toBe(`of ${id}`)
  } finally {
    await database.close()
  }
}

const syncs = () => tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})

test('keys change while the app works: killed half-way and run again, everything opens, and the old key can go', async () => {
  const { engine } = tributary
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await engine.admin.configure(ada.user.id, { 'plugin.google-fit.client_secret': 'before' })
  const secrets = await addPeople(new Sealer(ring))
  const old = ring.primary

  expect(await run('keys rotate')).toMatch(/^Key [0-9a-f]{8} seals from now on/)
  const young = ring.primary
  expect(young).not.toBe(old)
  expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o600)

  // The engine that ran all along seals by the new key at once.
  const ben = await tributary.addUser('ben@example.org')
  await tributary.connect(ben, 'fitbit')
  expect(await sealedBy(young)).toBe(1)

  const blocker = new pg.Client({ connectionString: tributary.database.url })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query(
    `select 1 from tributary.user_keys where user_id =
      (select user_id from tributary.user_keys where key_id = $1 order by user_id offset 900 limit 1) for update`,
    [old],
  )
  const cut = runCommand('keys re-encrypt', environment)
  await cut.until(/^800 values sealed/m)
  cut.kill()
  await cut.exited
  const done = await sealedBy(young)
  expect(done).toBe(801)
  expect(await sealedBy(old)).toBeGreaterThan(0)
  await blocker.query('rollback')
  await blocker.end()
  await expectAllOpen(new Sealer(ring), secrets)
  expect(await syncs()).toMatchObject({ status: 'succeeded' })
  expect(await run('keys status')).toMatch(
    new RegExp(
      `^Key ${young} seals now: 801 users' keys.*\\.\nKey ${old} opens what it sealed before: .*settings`,
    ),
  )

  expect(await run('keys re-encrypt')).toContain(`Key ${young} seals everything now.`)
  const told = await query<{ action: string; details: object }>(
    `select action, details from tributary.audit_log where action like 'keys.%' order by id`,
  )
  expect(told).toMatchObject([
    { action: 'keys.rotated', details: { key: young } },
    { action: 'keys.re-encrypted', details: { key: young } },
  ])
  expect(await run('keys re-encrypt')).toBe(`Key ${young} seals everything already.\n`)
  expect(await run('keys status')).toContain(`Key ${old} is unused and may be taken away.`)
  await writeFile(join(folder, 'keys'), (await readFile(join(folder, 'keys'), 'utf8')).split('\n')[0] ?? '')
  const alone = await loadKeyRing({ keys: undefined }, folder, pino({ level: 'silent' }))
  expect(alone.ids).toEqual([young])
  await expectAllOpen(new Sealer(alone), secrets)
  expect(await syncs()).toMatchObject({ status: 'succeeded' })
  expect(await run('keys status')).toMatch(/^Key [0-9a-f]{8} seals now[^\n]*\n$/)
})

test('several who rotate at the same moment lose no key', async () => {
  await Promise.all([run('keys rotate'), run('keys rotate')])
  expect(ring.ids).toHaveLength(3)
})

test('where the environment gives the keys, it is said what to set, and nothing changes', async () => {
  const keys = (await readFile(join(folder, 'keys'), 'utf8')).trim()
  const given = { ...environment, TRIBUTARY_KEYS: keys }
  const said = await run('keys rotate', given)
  const added = /TRIBUTARY_KEYS="\$TRIBUTARY_KEYS,([^"]+)"/.exec(said)?.[1] ?? ''
  expect(said).not.toContain(keys)
  expect(parseKeyRing(`${keys},${added}`).ids).toHaveLength(2)
  expect(ring.ids).toHaveLength(1)
  expect(await run('keys re-encrypt', { ...given, TRIBUTARY_KEYS: `${added},${keys}` })).toContain(
    'seals everything now',
  )
  const wrong = runCommand('keys re-encrypt', {
    ...given,
    TRIBUTARY_KEYS: randomBytes(32).toString('base64'),
  })
  expect(await wrong.exited).toBe(1)
  expect(wrong.output()).toMatch(/^The database holds secrets sealed by key [0-9a-f]{8}, which is not among/)
})

test('an app on its own PostgreSQL takes a new key while it runs, and starts again without the old one', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-keys-own-'))
  const own = { TRIBUTARY_DATA_DIR: dataDir }
  const app = await startApp(own)
  const old = /^Key ([0-9a-f]{8}) seals now/.exec(await run('keys status', own))?.[1]
  await run('keys rotate', own)
  await run('keys re-encrypt', own)
  expect(await run('keys status', own)).toContain(`Key ${old} is unused`)
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200)
  await app.stop()
  const file = join(dataDir, 'keys')
  await writeFile(file, (await readFile(file, 'utf8')).split('\n')[0] ?? '')
  const again = await startApp(own)
  await again.stop()
  expect(await run('keys status', own)).not.toContain(`Key ${old}`)
  await rm(dataDir, { recursive: true })
})
