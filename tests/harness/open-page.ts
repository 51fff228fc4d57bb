import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { limitMs } from './limit.ts'
import type { App } from './start-app.ts'

/** Who an app is started with, by `withAda`: its first admin. */
export const ada = { email: 'ada@example.org', password: 'a long password' }
export const withAda = { TRIBUTARY_ADMIN_EMAIL: ada.email, TRIBUTARY_ADMIN_PASSWORD: ada.password }

/** Opens a page as somebody in Berlin has it. What it throws or the browser complains of is added to `faults`. */
export async function openPage(
  browser: Browser,
  faults: string[] = [],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(limitMs)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    const text = message.text()
    // What the API or a page refuses, and an app that was stopped, are looked at where they are asked for.
    const expected =
      /^Failed to load resource: (?!.*status of 5)/.test(text) && !message.location().url.includes('/_app/')
    if (message.type() === 'error' && !expected) faults.push(text)
  })
  return page
}

export async function signIn(
  page: Page,
  { url }: Pick<App, 'url'>,
  { email, password } = ada,
): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/today')
}

/** Connects a simulated source over its consent page, with all that it asks for. */
export async function connect(page: Page, { url }: Pick<App, 'url'>, name: string): Promise<void> {
  await page.goto(`${url}/settings/plugins`)
  await page.getByRole('link', { name: `Connect ${name}` }).click()
  await page.waitForURL('**/lab/**')
  await page.locator('form').first().getByRole('button').first().click()
  await page.waitForURL('**/settings/plugins?success=**')
}

export interface Answer {
  status: number
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
}

/** Asks the API as a page of the app does. */
export function ask(page: Page, method: string, path: string, body?: unknown): Promise<Answer> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const response = await fetch(path, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
      return { status: response.status, body: await response.json() }
    },
    { method, path, body },
  )
}
