import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
const password = 'a long password'

beforeEach(async () => {
  tributary = await createTestEngine({ plugins: [] })
  const admin = await tributary.addUser('root@example.org', 'admin')
  const { link } = await tributary.engine.admin.invite(admin.user.id, { role: 'user' })
  const account = { name: 'Ada', email: 'ada@example.org', password }
  await tributary.engine.accounts.signUp(link.split('/').at(-1) ?? '', account, new Headers())
})

afterEach(() => tributary.close())

const headers = () => new Headers({ 'x-client-address': '203.0.113.1' })
const signIn = (secret: string) =>
  tributary.engine.accounts.signIn({ email: 'ada@example.org', password: secret }, headers())

test('a block that was set while the clock stood ahead ends when the clock is set right', async () => {
  const right = tributary.clock.now()
  tributary.clock.add({ hours: 24 * 400 })
  const refusals: unknown[] = []
  while (!refusals.some((error) => (error as { status?: number }).status === 429))
    refusals.push(await signIn('a wrong password').catch((error: unknown) => error))
  tributary.clock.set(right.toString())
  expect(await signIn(password)).toMatchObject({ secondStep: false })
})

test('an attempt whose clock reads a moment before the last one was counted is not refused', async () => {
  for (const wrong of ['a wrong password', 'another one'])
    await expect(signIn(wrong)).rejects.toMatchObject({ status: 401 })
  tributary.clock.set(tributary.clock.now().subtract({ milliseconds: 1 }).toString())
  expect(await signIn(password)).toMatchObject({ secondStep: false })
})
