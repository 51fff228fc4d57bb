import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { sweepExpired } from './sweep-expired.ts'

let tributary: TestEngine
let database: Database

beforeEach(async () => {
  tributary = await createTestEngine({ plugins: [] })
  database = openDatabase({ url: tributary.database.url })
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

test('what has expired is removed, and what works stays', async () => {
  const { user } = await tributary.addUser('ada@example.org')
  const now = tributary.clock.now()
  const moments = [now.subtract({ seconds: 1 }), now.add({ minutes: 5 })].map(String)
  for (const [index, moment] of moments.entries())
    await tributary.database.query(
      `with s as (insert into tributary.sessions (user_id, token, expires_at, created_at) values ($1, $3, $2, $4) returning id),
         f as (insert into tributary.oauth_flows (state_hash, user_id, session_id, source_id, code_verifier, redirect_uri, simulated, expires_at)
           select convert_to($3, 'utf8'), $1, s.id, 'fitbit', '', '', true, $2 from s where exists (select from tributary.integration_sources where id = 'fitbit')),
         p as (insert into tributary.pending_sign_ins values (convert_to($3, 'utf8'), $1, $2)),
         l as (insert into tributary.sign_up_links (token_hash, role, expires_at) values (convert_to($3, 'utf8'), 'user', $2)),
         v as (insert into tributary.verifications (identifier, value, expires_at) values ($3, '', $2))
       insert into tributary.failed_attempts values (convert_to($3, 'utf8'), 1, $2::timestamptz - interval '24 hours', $2)`,
      [user.id, moment, String(index), now.toString()],
    )
  await sweepExpired(database, now)
  for (const table of ['pending_sign_ins', 'sign_up_links', 'verifications', 'failed_attempts'])
    expect(await tributary.database.query(`select from tributary.${table}`), table).toHaveLength(1)
  // The other is that of the test's own user.
  expect(
    await tributary.database.query(`select token from tributary.sessions where token in ('0', '1')`),
  ).toEqual([{ token: '1' }])
})
