import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  const own = examplePlugin('own-way', { revocation: { queryParameter: 'token' } })
  tributary = await createTestEngine({
    plugins: [examplePlugin('service'), own],
    aliases: { service: 'example-service', 'own-way': 'example-service' },
    outgoing: { limits: { answer: 300 } },
  })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

const disconnect = (id: string) => tributary.engine.plugins.disconnect(ada.user.id, id, { deleteData: false })
const stored = () =>
  tributary.database.query(
    `select c.state, c.credentials, c.access_expires_at, j.status from tributary.user_integrations c
     join tributary.import_jobs j on j.connection_id = c.id`,
  )
const gone = [{ state: 'disconnected', credentials: null, access_expires_at: null, status: 'cancelled' }]

async function accessTokens(id: string): Promise<string[]> {
  const response = await fetch(`${tributary.lab.url}/issued/${id}`)
  const { issued } = (await response.json()) as { issued: { kind: string; value: string }[] }
  return issued.filter(({ kind }) => kind === 'access_token').map(({ value }) => value)
}

async function stillOpens(id: string): Promise<boolean> {
  const [token] = await accessTokens(id)
  const response = await fetch(`${tributary.lab.url}/${id}/me`, {
    headers: { authorization: `Bearer ${token}` },
  })
  await response.body?.cancel()
  return response.ok
}

test('disconnecting ends the access at the provider, cancels the jobs and deletes the ciphertext', async () => {
  await tributary.connect(ada, 'service')
  expect(await stillOpens('service')).toBe(true)
  expect(await disconnect('service')).toEqual({ notice: null })
  expect(await stored()).toEqual(gone)
  expect(await stillOpens('service')).toBe(false)
})

test.each([
  ['is down', { status: 503 }],
  ['hangs', 'hang' as const],
  ['breaks off', 'lose' as const],
])('a provider that %s is named, and the ciphertext is gone all the same', async (_, respond) => {
  await tributary.connect(ada, 'service')
  tributary.lab.lab.faults.add({ source: 'service', path: /revoke/, respond })
  const { notice } = await disconnect('service')
  expect(notice).toContain('Example could not be told')
  expect(await stored()).toEqual(gone)
})

test("a provider's own way takes an access token that still lives", async () => {
  await tributary.connect(ada, 'own-way')
  tributary.clock.add({ hours: 2 })
  tributary.lab.lab.faults.add({ source: 'own-way', path: /revoke\?token=ey/, respond: { status: 200 } })
  expect(await disconnect('own-way')).toEqual({ notice: null })
  expect(await accessTokens('own-way')).toHaveLength(2)
})

test('an import that has written and looks last whether it may does not wait for what waits for it', async () => {
  await tributary.connect(ada, 'service')
  const { query, url } = tributary.database
  await query(
    `insert into tributary.fetches (user_id, source_id, account_id, stream, from_day, to_day)
     values ($1, 'service', 'a', 'days', '2026-01-01', '2026-01-01')`,
    [ada.user.id],
  )
  const writer = new pg.Client({ connectionString: url })
  await writer.connect()
  try {
    await writer.query('begin')
    await writer.query(
      `select pg_advisory_xact_lock(hashtextextended('values ' || user_id::text || ' ' || source_id, 0))
       from tributary.user_integrations`,
    )
    const disconnected = tributary.engine.plugins.disconnect(ada.user.id, 'service', { deleteData: true })
    const waiting = () =>
      query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    await expect.poll(async () => (await waiting()).length).toBe(1)
    await writer.query('select 1 from tributary.fetches for update')
    await writer.query('select 1 from tributary.user_integrations for update')
    const { rows } = await writer.query('select status from tributary.import_jobs for update')
    expect(rows).toEqual([{ status: 'cancelled' }])
    await writer.query('rollback')
    expect(await disconnected).toEqual({ notice: null })
    expect(await query('select 1 from tributary.fetches')).toEqual([])
  } finally {
    await writer.end()
  }
})

test('two that disconnect at the same moment both end well', async () => {
  await tributary.connect(ada, 'service')
  const notices = await Promise.all([disconnect('service'), disconnect('service')])
  expect(notices).toEqual([{ notice: null }, { notice: null }])
  expect(await stored()).toEqual(gone)
})
