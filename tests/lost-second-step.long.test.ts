import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { codeOf, spanOf } from '../packages/engine/src/accounts/time-codes.ts'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { checkAccessibility } from './harness/check-accessibility.ts'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { type App, runCommand, startApp } from './harness/start-app.ts'

const password = 'a long password'
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
let database: TestDatabase
let app: App
let browser: Browser

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: 'root@example.org',
    TRIBUTARY_ADMIN_PASSWORD: password,
  })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await app.stop()
  await database.drop()
})

const signIn = (user: HttpUser, email: string) =>
  user.json<{ success: boolean; secondStep: boolean }>('POST', '/api/auth/sign-in/email', { email, password })

async function turnOn(user: HttpUser): Promise<void> {
  const { secret } = await user.json<{ secret: string }>('POST', '/api/account/second-step', { password })
  const bits = [...secret].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  await user.json('PUT', '/api/account/second-step', { code: codeOf(bytes, spanOf(Temporal.Now.instant())) })
}

test('an admin resets it on the page of users, and the user comes in by the password alone', async () => {
  const [root, ben] = [createHttpUser(app), createHttpUser(app)]
  await signIn(root, 'root@example.org')
  const { link } = await root.json<{ link: string }>('POST', '/api/admin/invitations', {})
  const account = { name: 'Ben', email: 'ben@example.org', password, timeZone: 'UTC' }
  await ben.request('POST', link, new URLSearchParams(account))
  await turnOn(ben)
  expect(await signIn(createHttpUser(app), 'ben@example.org')).toEqual({ success: false, secondStep: true })

  const page = await browser.newPage()
  await page.goto(`${app.url}/sign-in?next=/admin/users`)
  await page.getByLabel('E-mail').fill('root@example.org')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const button = page.getByRole('button', { name: 'Reset second step (Ben)' })
  await button.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('make sure that it is they who ask').waitFor()
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Reset' }).click()
  await button.waitFor({ state: 'detached' })
  await page.close()

  expect((await ben.request('GET', '/api/plugins')).status).toBe(401)
  expect(await signIn(createHttpUser(app), 'ben@example.org')).toEqual({ success: true, secondStep: false })
})

test('the command line resets it for who is the only admin, while the app runs', async () => {
  const root = createHttpUser(app)
  await signIn(root, 'root@example.org')
  await turnOn(root)
  const run = async (command: string) => {
    const child = runCommand(command, { DATABASE_URL: database.url, TRIBUTARY_DATA_DIR: tmpdir() })
    return { code: await child.exited, output: child.output() }
  }
  expect(await run('second-step reset')).toMatchObject({ code: 2 })
  expect(await run('second-step reset nobody@example.org')).toEqual({
    code: 1,
    output: 'There is no such user.\n',
  })
  expect(await run('second-step reset Root@example.org')).toMatchObject({ code: 0 })
  expect(await run('second-step reset root@example.org')).toEqual({
    code: 1,
    output: 'This account has no second step.\n',
  })
  expect((await root.request('GET', '/api/plugins')).status).toBe(401)
  expect(await signIn(createHttpUser(app), 'root@example.org')).toEqual({ success: true, secondStep: false })
})
