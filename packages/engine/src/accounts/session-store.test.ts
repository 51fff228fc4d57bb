import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const account = { name: 'Ada', email: 'ada@example.org', password: 'a long password' }
let tributary: TestEngine

beforeEach(async () => {
  // Sessions are made by the real clock.
  tributary = await createTestEngine({
    plugins: [],
    now: Temporal.Now.instant().round('millisecond').toString(),
  })
  const token = await tributary.engine.beginSetUp()
  await accounts().signUp(token ?? '', account, new Headers())
})

afterEach(() => tributary.close())

const accounts = () => tributary.engine.accounts

async function signIn(): Promise<{ headers: Headers; token: string }> {
  const { cookies } = await accounts().signIn(account, new Headers())
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  const token = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? '').split('.')[0] ?? ''
  return { headers: new Headers({ cookie }), token }
}

const sessions = () =>
  tributary.database.query<{ row: string; token: string }>(
    'select s::text as row, token from tributary.sessions s',
  )

test("a session's token lies in its cookie alone: the database has its hash, and the hash signs nobody in", async () => {
  const { headers, token } = await signIn()
  expect(token).toHaveLength(32)
  const rows = await sessions()
  expect(rows.some(({ row }) => row.includes(token))).toBe(false)
  const signedIn = await accounts().identify(headers)
  expect(signedIn).toMatchObject({ user: { email: account.email } })
  expect(JSON.stringify(signedIn)).not.toContain(token)
  for (const kept of rows) {
    const cookie = headers.get('cookie')?.replace(token, kept.token) ?? ''
    expect(await accounts().identify(new Headers({ cookie }))).toBeNull()
  }
})

test('by its hash too a session lives on, gives way to the next in its browser, and is signed out', async () => {
  const one = await signIn()
  await tributary.database.query(`update tributary.sessions set expires_at = now() + interval '2 days'`)
  expect(await accounts().identify(one.headers)).not.toBeNull()
  const longer = await tributary.database.query(
    `select 1 from tributary.sessions where expires_at > now() + interval '6 days'`,
  )
  expect(longer).toHaveLength(1)
  const { cookies } = await accounts().signIn(account, one.headers)
  expect(await accounts().identify(one.headers)).toBeNull()
  const two = new Headers({ cookie: cookies.map((line) => line.split(';')[0]).join('; ') })
  const before = (await sessions()).length
  await accounts().signOut(two)
  expect(await accounts().identify(two)).toBeNull()
  expect(await sessions()).toHaveLength(before - 1)
})
