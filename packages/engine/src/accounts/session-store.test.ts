import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const origin = 'http://localhost:5173'
const account = { name: 'Ada', email: 'ada@example.org', password: 'a long password' }
let tributary: TestEngine

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  const token = await tributary.engine.beginSetUp()
  await tributary.engine.accounts.signUp(token ?? '', account, new Headers())
})

afterEach(() => tributary.close())

const ask = (path: string, { body, cookie = '' }: { body?: object; cookie?: string } = {}) =>
  tributary.engine.accounts.handle(
    new Request(`${origin}/api/auth/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', origin, cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  )

async function signIn(): Promise<{ cookie: string; token: string; body: string }> {
  const { email, password } = account
  const response = await ask('sign-in/email', { body: { email, password } })
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const token = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? '').split('.')[0] ?? ''
  return { cookie, token, body: await response.text() }
}

const isSignedIn = async (cookie: string) =>
  (await tributary.engine.accounts.identify(new Headers({ cookie }))) !== null

test("a session's token lies in its cookie alone: the database has its hash, and no answer has it", async () => {
  const { cookie, token, body } = await signIn()
  expect(token).toHaveLength(32)
  const rows = await tributary.database.query<{ row: string }>(
    'select s::text as row from tributary.sessions s',
  )
  expect(rows.some(({ row }) => row.includes(token))).toBe(false)
  expect(await isSignedIn(cookie)).toBe(true)
  const session = await (await ask('get-session', { cookie })).text()
  expect(session).toContain(account.email)
  expect(body + session).not.toContain(token)
})

test('a session that is used lives longer, and ends where its user ends the others', async () => {
  const [one, two] = [await signIn(), await signIn()]
  await tributary.database.query(`update tributary.sessions set expires_at = now() + interval '2 days'`)
  expect(await isSignedIn(one.cookie)).toBe(true)
  const longer = await tributary.database.query(
    `select 1 from tributary.sessions where expires_at > now() + interval '6 days'`,
  )
  expect(longer).toHaveLength(1)
  expect((await ask('revoke-other-sessions', { body: {}, cookie: one.cookie })).status).toBe(200)
  expect(await isSignedIn(one.cookie)).toBe(true)
  expect(await isSignedIn(two.cookie)).toBe(false)
})
