import { randomBytes } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, spanOf } from '../packages/engine/src/accounts/time-codes.ts'
import { qrPath } from '../packages/web/src/lib/security/qr-path.ts'
import { checkAccessibility, checkOnPhone } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { openPage } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let browser: Browser
let page: Page
const faults: string[] = []
const email = 'ada.whose.name.is.wider.than.a.phone.can.show.in.one.line@example.org'
const password = randomBytes(24).toString('base64url')

beforeAll(async () => {
  app = await startApp({ TRIBUTARY_ADMIN_EMAIL: email, TRIBUTARY_ADMIN_PASSWORD: password })
  browser = await launchBrowser()
  page = await openPage(browser, faults)
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url)) faults.push(`the page asked ${request.url()}`)
  })
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

async function givePassword(on: Page, path = '/settings/security'): Promise<void> {
  await on.goto(app.url + path)
  await on.getByLabel('E-mail').fill(email)
  await on.getByLabel('Password').fill(password)
  await on.getByRole('button', { name: 'Sign in' }).click()
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}

test('a second step is set up, asked for at sign-in, and turned off', async () => {
  await givePassword(page)
  const section = page.getByRole('region', { name: 'Second step' })
  await section.getByLabel('Your password').fill(password)
  await section.getByRole('button', { name: 'Set it up' }).click()
  const secret = fromBase32(await section.getByLabel('The key for your app').inputValue())
  const link = (await section.getByRole('link').getAttribute('href')) ?? ''
  expect(link).toMatch(/^otpauth:\/\/totp\/Tributary:/)
  const code = section.getByRole('img', { name: 'QR code for your app' })
  expect(await code.locator('path').getAttribute('d')).toBe(qrPath(link).path)
  await checkAccessibility(page)
  await checkOnPhone(page)
  await section.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, spanOf(Temporal.Now.instant())))
  await section.getByRole('button', { name: 'Turn it on' }).click()
  const codes = section.locator('[data-codes] li')
  await codes.first().waitFor()
  expect(await codes.count()).toBe(10)
  const backup = (await codes.first().textContent()) ?? ''
  await checkAccessibility(page)

  const other = await openPage(browser, faults)
  await givePassword(other, '/settings/metrics')
  await other.waitForURL(/\/sign-in\/code/)
  await checkAccessibility(other)
  await other.getByLabel('Code').fill('000000')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.getByRole('alert').waitFor()
  await other.getByLabel('Code').fill(backup)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.waitForURL(/\/settings\/metrics/)

  await page.reload()
  const devices = page.getByRole('region', { name: 'Devices' }).getByRole('listitem')
  expect(await devices.count()).toBe(2)
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect.poll(() => devices.count()).toBe(1)
  await other.goto(`${app.url}/today`)
  expect(other.url()).toContain('/sign-in')

  await section.getByText('9 backup codes are left').waitFor()
  await section.getByLabel('Your password').fill(password)
  await section.getByRole('button', { name: 'Turn it off' }).click()
  await section.getByRole('button', { name: 'Set it up' }).waitFor()
})

test('a token is made, shown once and revoked', async () => {
  const section = page.getByRole('region', { name: 'API tokens' })
  await section.getByLabel('Name').fill('My phone')
  await section.getByRole('button', { name: 'Create token' }).click()
  const token = await section.getByLabel('The token').inputValue()
  expect(await section.getByLabel('The command').inputValue()).toContain(
    `curl -H "Authorization: Bearer ${token}" "${app.url}/api/metrics/daily?from=`,
  )
  const ask = () => fetch(`${app.url}/api/plugins`, { headers: { authorization: `Bearer ${token}` } })
  expect((await ask()).status).toBe(200)
  await page.reload()
  expect(await page.content()).not.toContain(token)
  await checkAccessibility(page)
  await section.getByRole('button', { name: 'Revoke My phone' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect.poll(async () => (await ask()).status).toBe(401)
})

test('the last admin cannot delete the account, and is told why', async () => {
  await page.goto(`${app.url}/settings/account`)
  await page.getByRole('button', { name: 'Delete this account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your password').fill(password)
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Delete everything' }).click()
  await dialog.getByText('One admin has to stay').waitFor()
  await page.keyboard.press('Escape')
  await checkOnPhone(page)
})

test('no page asked another host, broke the content security policy or threw', () => {
  expect(faults).toEqual([])
})
