import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
let ben: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [] })
  ada = await tributary.addUser('ada@example.org', 'admin')
  ben = await tributary.addUser('ben@example.org')
})

afterAll(() => tributary.close())

const tokens = () => tributary.engine.accounts.tokens
const make = (userId: string, days: number | null = null) =>
  tokens().create(userId, { name: ' Phone ', scopes: ['read', 'read', 'import'], days })

test('a token is its user with its scopes, and the database holds nothing that works in its place', async () => {
  const { token, info } = await make(ada.user.id)
  expect(token).toMatch(/^trib_[\w-]{43}$/)
  expect(info).toMatchObject({ name: 'Phone', scopes: ['read', 'import'], expiresAt: null, lastUsedAt: null })
  expect(await tokens().identify(token, new Headers())).toEqual({
    signedIn: { user: ada.user, sessionId: info.id },
    scopes: ['read', 'import'],
  })
  const [row] = await tributary.database.query<{ row: string; hash: string }>(
    `select t::text as row, encode(token_hash, 'hex') as hash from tributary.api_tokens t where id = $1`,
    [info.id],
  )
  expect(row?.row).not.toContain(token)
  expect(row?.row).not.toContain(token.slice(5))
  for (const guess of [row?.hash ?? '', `trib_${row?.hash}`, token.slice(0, -1), `${token}x`, '', 'trib_'])
    expect(await tokens().identify(guess, new Headers()), guess).toBeNull()
})

test('a token ends on its day', async () => {
  const { token, info } = await make(ben.user.id, 30)
  expect(info.expiresAt).toBe(tributary.clock.now().add({ hours: 720 }).toString())
  tributary.clock.add({ hours: 719, minutes: 59 })
  expect(await tokens().identify(token, new Headers())).not.toBeNull()
  tributary.clock.add({ minutes: 1 })
  expect(await tokens().identify(token, new Headers())).toBeNull()
})

test('its last use is kept, to the minute', async () => {
  const { token, info } = await make(ben.user.id)
  const lastUse = async () => (await tokens().list(ben.user.id)).find(({ id }) => id === info.id)?.lastUsedAt
  const first = tributary.clock.now().toString()
  await tokens().identify(token, new Headers())
  tributary.clock.add({ seconds: 59 })
  await tokens().identify(token, new Headers())
  expect(await lastUse()).toBe(first)
  tributary.clock.add({ seconds: 1 })
  await tokens().identify(token, new Headers())
  expect(await lastUse()).toBe(tributary.clock.now().toString())
})

test('a user lists and revokes their own alone, and a revoked token is nobody at once', async () => {
  const { token, info } = await make(ada.user.id)
  expect((await tokens().list(ben.user.id)).map(({ id }) => id)).not.toContain(info.id)
  for (const id of [info.id, crypto.randomUUID(), 'none'])
    await expect(tokens().revoke(ben.user.id, id)).rejects.toMatchObject({ code: 'unknown-token' })
  expect(await tokens().identify(token, new Headers())).not.toBeNull()
  await tokens().revoke(ada.user.id, info.id)
  expect(await tokens().identify(token, new Headers())).toBeNull()
})

test('the token of a disabled user is nobody', async () => {
  const { token } = await make(ben.user.id)
  await tributary.engine.admin.changeUser(ada.user.id, ben.user.id, { disabled: true })
  expect(await tokens().identify(token, new Headers())).toBeNull()
  await tributary.engine.admin.changeUser(ada.user.id, ben.user.id, { disabled: false })
  expect(await tokens().identify(token, new Headers())).not.toBeNull()
})

test.each([
  [{ name: ' ', scopes: ['read'], days: 1 }, 'bad-name'],
  [{ name: 'x'.repeat(101), scopes: ['read'], days: 1 }, 'bad-name'],
  [{ name: 'x', scopes: [], days: 1 }, 'bad-scopes'],
  [{ name: 'x', scopes: ['read'], days: 0 }, 'bad-days'],
  [{ name: 'x', scopes: ['read'], days: 367 }, 'bad-days'],
] as const)('%j is refused with %s', async ({ scopes, ...rest }, code) => {
  await expect(tokens().create(ada.user.id, { ...rest, scopes: [...scopes] })).rejects.toMatchObject({ code })
})

test('there is an end to how many one has', async () => {
  const cy = await tributary.addUser('cy@example.org')
  for (let made = 0; made < 50; made += 1) await make(cy.user.id)
  await expect(make(cy.user.id)).rejects.toMatchObject({ status: 409, code: 'too-many-tokens' })
})

test('the limit of tokens holds for requests at the same moment', async () => {
  const { user } = await tributary.addUser('many@example.org')
  const made = await Promise.allSettled(Array.from({ length: 60 }, () => make(user.id)))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
  expect(await tokens().list(user.id)).toHaveLength(50)
})
