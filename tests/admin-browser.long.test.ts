import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility, checkOnPhone } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { ada, ask, connect, openPage, signIn, withAda } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let browser: Browser
let admin: Page
let guest: Page
const faults: string[] = []

beforeAll(async () => {
  app = await startApp(withAda)
  browser = await launchBrowser()
  admin = await openPage(browser, faults)
  guest = await openPage(browser, faults)
  await signIn(admin, app)
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

test('an admin sets a source up: values are kept, a secret is never shown again', async () => {
  await admin.goto(`${app.url}/settings/plugins`)
  await admin.getByRole('link', { name: 'Set up Google Fit' }).click()
  await admin.waitForURL('**/admin/configuration#google-fit')
  await checkAccessibility(admin)
  const card = admin.getByRole('article', { name: 'Google Fit' })
  await card.getByText('Not set up yet').waitFor()
  await card.getByText(`${app.url}/api/plugins/google-fit/callback`).waitFor()
  await card.getByRole('button', { name: 'Test', exact: true }).waitFor()
  await card.getByLabel('Client ID').fill('an-id')
  await card.getByLabel('Client secret').fill('a-secret')
  const sent = admin.waitForRequest((request) => request.method() === 'PUT')
  await card.getByRole('button', { name: 'Save', exact: true }).click()
  expect((await sent).postDataJSON()).toEqual({
    'plugin.google-fit.client_id': 'an-id',
    'plugin.google-fit.client_secret': 'a-secret',
  })
  await card.getByText('Ready', { exact: true }).waitFor()
  await card.getByText(/^Set, changed on/).waitFor()
  await admin.reload()
  expect(await card.getByLabel('Client ID').inputValue()).toBe('an-id')
  expect(await card.getByLabel('Client secret', { exact: true }).inputValue()).toBe('')
  expect(await admin.content()).not.toContain('a-secret')
  expect(JSON.stringify((await ask(admin, 'GET', '/api/admin/configuration')).body)).not.toContain('a-secret')
})

test('a secret is removed on request, after saving alone', async () => {
  const card = admin.getByRole('article', { name: 'Google Fit' })
  await card.getByRole('button', { name: 'Remove Client secret' }).click()
  await card.getByText('Will be removed when you save.').waitFor()
  await card.getByRole('button', { name: 'Save', exact: true }).click()
  await card.getByText('Not set up yet').waitFor()
  expect(await card.getByText(/^Set, changed on/).count()).toBe(0)
})

test('the simulated provider is switched on, and a test says check by check that it works', async () => {
  const card = admin.getByRole('article', { name: 'Fitbit' })
  await card.getByLabel('Use the simulated provider').check()
  await card.getByRole('button', { name: 'Save and test' }).click()
  await card.getByText(/^All is well/).waitFor()
  expect(await card.locator('[data-check="passed"]').count()).toBeGreaterThan(1)
  await card.getByText('The simulated provider is used.').waitFor()
  await checkAccessibility(admin)
})

test('a body that makes no sense is refused by a sentence', async () => {
  const unknown = await ask(admin, 'PUT', '/api/admin/configuration', { 'plugin.fitbit.colour': 'blue' })
  expect(unknown).toMatchObject({ status: 422, body: { code: 'unknown-setting' } })
  const wrong = await ask(admin, 'PUT', '/api/admin/configuration', { 'global.base_url': 7 })
  expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
  const role = await ask(admin, 'POST', '/api/admin/invitations', { role: 'king' })
  expect(role.body.detail).toBe('"role": must be user or admin.')
})

test('an invitation makes one account, for its address', async () => {
  await admin.goto(`${app.url}/admin/users`)
  await checkAccessibility(admin)
  await admin.getByLabel('E-mail').fill('grace@example.org')
  await admin.getByRole('button', { name: 'Make a link' }).click()
  const link = await admin.getByLabel('The invitation’s link').inputValue()
  expect(link).toMatch(`${app.url}/set-up/`)
  await checkAccessibility(admin)
  await guest.goto(link)
  await guest.getByRole('heading', { name: 'You are invited' }).waitFor()
  await checkAccessibility(guest)
  expect(await guest.getByLabel('E-mail').inputValue()).toBe('grace@example.org')
  await guest.getByLabel('Name').fill('Grace')
  await guest.getByLabel('Password').fill(ada.password)
  await guest.getByRole('button', { name: 'Create account' }).click()
  await guest.waitForURL('**/settings/plugins')
})

test('who is no admin sees no admin pages, and every admin route answers 403', async () => {
  expect(await guest.getByRole('link', { name: 'Admin', exact: true }).count()).toBe(0)
  const asked = await Promise.all([
    ask(guest, 'GET', '/api/admin/configuration'),
    ask(guest, 'PUT', '/api/admin/configuration', { 'global.base_url': 'https://elsewhere.example' }),
    ask(guest, 'POST', '/api/admin/plugins/fitbit/test'),
    ask(guest, 'GET', '/api/admin/users'),
    ask(guest, 'POST', '/api/admin/invitations', {}),
    ask(guest, 'GET', '/api/admin/schedule'),
  ])
  for (const { status, body } of asked)
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' })
  for (const path of ['configuration', 'users', 'schedule']) {
    const response = await guest.goto(`${app.url}/admin/${path}`)
    expect(response?.status()).toBe(403)
    await guest.getByText('Only an admin can do this.').waitFor()
  }
})

test('an admin makes admins, and disables somebody after a question', async () => {
  await admin.reload()
  const row = admin.locator('[data-user="grace@example.org"]')
  await row.getByRole('button', { name: 'Make admin' }).click()
  await row.getByRole('button', { name: 'Remove admin' }).click()
  await row.getByRole('button', { name: 'Make admin' }).waitFor()
  await row.getByRole('button', { name: 'Disable Grace' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByText('They are signed out at once').waitFor()
  await checkAccessibility(admin)
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await row.getByText('Disabled').waitFor()
  await guest.goto(`${app.url}/today`)
  await guest.waitForURL('**/sign-in**')
  await row.getByRole('button', { name: 'Enable Grace' }).click()
  await row.getByText('Active').waitFor()
  await guest.getByLabel('E-mail').fill('grace@example.org')
  await guest.getByLabel('Password').fill(ada.password)
  await guest.getByRole('button', { name: 'Sign in' }).click()
  await guest.waitForURL('**/today')
})

test('the schedule is told in words', async () => {
  await admin.goto(`${app.url}/admin/schedule`)
  await admin.getByRole('heading', { name: 'Schedule' }).waitFor()
  await admin
    .getByText(/^in \d+ minutes?|^just now/)
    .first()
    .waitFor()
  await checkAccessibility(admin)
})

test('a connection is set: which streams, how deep, and whether at all', async () => {
  await ask(admin, 'PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
  await connect(admin, app, 'Fitbit')
  const card = admin.getByRole('article', { name: 'Fitbit' })
  await card.getByRole('button', { name: 'Settings' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Sync automatically').waitFor()
  await checkAccessibility(admin)
  await dialog.getByRole('checkbox', { name: /^Weight/ }).uncheck()
  await dialog.getByLabel('History', { exact: true }).selectOption({ label: 'The last month' })
  const sent = admin.waitForRequest((request) => request.method() === 'PATCH')
  await dialog.getByRole('button', { name: 'Save' }).click()
  const change = (await sent).postDataJSON()
  expect(change).toMatchObject({ historyDays: 30 })
  expect(change.streams).not.toContain('weight')
  await dialog.waitFor({ state: 'detached' })
  const from = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate().subtract({ days: 30 }).toString()
  const { body } = await ask(admin, 'GET', '/api/plugins/fitbit')
  expect(body).toMatchObject({ enabled: true, history: { from } })
  expect(body.streams.find(({ id }: { id: string }) => id === 'weight').enabled).toBe(false)
  const both = await ask(admin, 'PATCH', '/api/plugins/fitbit', { historyDays: 1, historyFrom: '2026-01-01' })
  expect(both.status).toBe(400)
})

test('a template is made of what sources give and of what is entered by hand', async () => {
  await admin.goto(`${app.url}/settings/metrics`)
  await admin.getByText('No template yet').waitFor()
  await admin.getByRole('link', { name: 'New template' }).click()
  await admin.getByLabel('Name of the template').fill('Mornings')
  await admin.getByLabel('From a source').selectOption('metric.steps')
  await admin.getByRole('button', { name: 'Add from a source' }).click()
  await admin.getByLabel('From a source').selectOption('fitbit.sleepLength')
  await admin.getByRole('button', { name: 'Add from a source' }).click()
  for (const [name, type] of [
    ['Coffee', 'number'],
    ['Reading', 'duration'],
    ['Lunch', 'time'],
    ['Vitamins', 'yes-no'],
    ['Mood', 'text'],
  ] as const) {
    await admin.getByLabel('Entered by hand').fill(name)
    await admin.getByLabel('Type').selectOption(type)
    if (type === 'number') await admin.getByLabel('Unit', { exact: true }).last().fill('cups')
    await admin.getByRole('button', { name: 'Add what is entered by hand' }).click()
  }
  await admin.getByRole('button', { name: 'Move Coffee up' }).click()
  await admin.getByRole('button', { name: 'Move Coffee up' }).click()
  await admin.getByText('Coffee is now number 1 of 7.').waitFor()
  await admin.getByRole('region', { name: 'The last seven days' }).waitFor()
  await checkAccessibility(admin)
  await admin.getByRole('button', { name: 'Save' }).click()
  await admin.waitForURL('**/settings/metrics')
  await admin.getByText('Shown on Today').waitFor()
  await admin.getByText('Coffee, Steps, Sleep length, Reading, Lunch, Vitamins, Mood').waitFor()
  const { templates } = (await ask(admin, 'GET', '/api/metric-templates')).body
  expect(templates[0].metrics.slice(0, 2)).toMatchObject([
    { type: 'manual', valueType: 'number', unit: 'cups' },
    { type: 'external', source: 'metric.steps' },
  ])
  await checkAccessibility(admin)
})

test('Today shows the template, and what is entered there stays', async () => {
  await admin.goto(`${app.url}/today`)
  const entered = [
    ['Coffee', '2', '2'],
    ['Reading', '45 min', '0:45'],
    ['Lunch', '9:05', '09:05'],
    ['Mood', 'calm', 'calm'],
  ] as const
  for (const [name, typed, kept] of entered) {
    const field = admin.getByRole('textbox', { name })
    await field.fill(typed)
    await field.blur()
    await admin.locator('[data-entry="saved"]').filter({ hasText: 'Saved' }).last().waitFor()
    await expect.poll(() => field.inputValue()).toBe(kept)
  }
  await admin.getByText('Yes', { exact: true }).click()
  await expect.poll(() => admin.locator('[data-entry="saved"]').count()).toBe(5)
  await checkAccessibility(admin)
  await admin.reload()
  for (const [name, , kept] of entered)
    expect(await admin.getByRole('textbox', { name }).inputValue()).toBe(kept)
  expect(await admin.getByRole('radio', { name: 'Yes' }).isChecked()).toBe(true)
  expect(await admin.getByRole('radio', { name: 'No' }).isChecked()).toBe(false)
})

test('what cannot be read is not saved, and an entry can be taken back', async () => {
  const reading = admin.getByRole('textbox', { name: 'Reading' })
  await reading.fill('long')
  await reading.blur()
  await admin.getByText('Enter hours and minutes such as 1:30.').waitFor()
  await admin.getByRole('button', { name: 'Clear Reading' }).click()
  await admin.locator('[data-entry="saved"]').waitFor()
  await admin.getByRole('button', { name: 'Clear Vitamins' }).click()
  await expect.poll(() => admin.locator('[data-entry="saved"]').count()).toBe(2)
  await admin.reload()
  expect(await reading.inputValue()).toBe('')
  expect(await admin.getByRole('radio', { name: 'Yes' }).isChecked()).toBe(false)
})

test('a day that was never asked for is asked for once, and fills in while one looks', async () => {
  const { body } = await ask(admin, 'GET', '/api/plugins/fitbit')
  const day = Temporal.PlainDate.from(body.history.from).subtract({ days: 300 }).toString()
  const jobs = async () => (await ask(admin, 'GET', '/api/import-jobs')).body.jobs
  await expect
    .poll(async () =>
      (await jobs()).filter(({ status }: { status: string }) => /queued|running/.test(status)),
    )
    .toEqual([])
  const asked: string[] = []
  admin.on('request', (request) => {
    if (request.url().endsWith('/api/metrics/look')) asked.push(request.postDataJSON().date)
    if (!request.url().startsWith(app.url)) faults.push(`the page asked ${request.url()}`)
  })
  await ask(admin, 'PATCH', '/api/plugins/fitbit', { historyFrom: day })
  const look = admin.waitForResponse((response) => response.url().endsWith('/api/metrics/look'))
  await admin.goto(`${app.url}/today?day=${day}`)
  const { onTheWay } = await (await look).json()
  expect(onTheWay).toEqual(['fitbit'])
  const truth = await admin.evaluate(
    async (date) => (await (await fetch(`/lab/truth/fitbit?from=${date}&to=${date}`)).json()).days[0],
    day,
  )
  await admin.locator('[data-metric="metric.steps"]').getByText(truth.steps.toLocaleString('en')).waitFor()
  await expect.poll(() => admin.getByText('on their way').count()).toBe(0)
  expect(asked).toEqual([day])
})

test('templates are chosen on Today, ordered and deleted in the settings', async () => {
  await ask(admin, 'POST', '/api/metric-templates', { name: 'Evenings', metrics: [] })
  await admin.goto(`${app.url}/today`)
  await admin.getByRole('button', { name: 'Evenings' }).click()
  await admin.getByText('Nothing is in this list yet.').waitFor()
  await admin.getByRole('link', { name: 'All values' }).click()
  await admin.getByRole('heading', { name: 'Fitbit' }).waitFor()
  await admin.goto(`${app.url}/settings/metrics`)
  await admin.getByRole('button', { name: 'Move Evenings up' }).click()
  await expect
    .poll(() => admin.getByRole('heading', { level: 2 }).allTextContents())
    .toEqual(['Evenings', 'Mornings'])
  await admin.getByRole('button', { name: 'Show on Today' }).click()
  await expect
    .poll(async () => (await ask(admin, 'GET', '/api/metric-templates')).body.templates[1].chosen)
    .toBe(true)
  await admin.getByRole('button', { name: 'Delete' }).first().click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect.poll(() => admin.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Mornings'])
})

test('the second user sees nothing of the first', async () => {
  const { body } = await ask(admin, 'GET', '/api/metric-templates')
  const [{ id, metrics }] = body.templates
  expect((await ask(guest, 'GET', '/api/metric-templates')).body.templates).toEqual([])
  expect((await ask(guest, 'GET', `/api/metric-templates/${id}`)).status).toBe(404)
  expect((await ask(guest, 'DELETE', `/api/metric-templates/${id}`)).status).toBe(404)
  const metric = `manual.${metrics[0].id}`
  const entry = { metric, date: '2026-01-01', value: 3 }
  expect((await ask(guest, 'PUT', '/api/metrics/manual', entry)).status).toBe(422)
  const { days } = (await ask(guest, 'GET', '/api/metrics/daily?from=2026-01-01&to=2027-01-01')).body
  expect(days.flatMap(({ values }: { values: object }) => Object.keys(values))).toEqual([])
  expect((await ask(guest, 'GET', '/api/import-jobs')).body.jobs).toEqual([])
  await guest.goto(`${app.url}/today`)
  await guest.getByText('No data flows in yet').waitFor()
})

test('the audit log tells admins who did what, page by page, and nobody else', async () => {
  await admin.goto(`${app.url}/admin/audit`)
  const table = admin.getByRole('table', { name: 'Newest first' })
  await table.getByRole('rowheader', { name: 'Setting changed' }).first().waitFor()
  await table.getByText('setting: plugin.google-fit.client_secret').first().waitFor()
  expect(await admin.content()).not.toContain('a-secret')
  await checkAccessibility(admin)
  await admin.getByLabel('What').selectOption({ label: 'Signed in' })
  await admin.getByRole('button', { name: 'Show' }).click()
  await admin.waitForURL('**/admin/audit?action=session.signed-in')
  expect(new Set(await table.getByRole('rowheader').allTextContents())).toEqual(new Set(['Signed in']))
  const first = await ask(admin, 'GET', '/api/admin/audit?limit=1')
  const second = await ask(admin, 'GET', `/api/admin/audit?limit=1&before=${first.body.next}`)
  expect(Number(second.body.entries[0].id)).toBeLessThan(Number(first.body.entries[0].id))
  expect(first.body.entries[0].requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect((await ask(admin, 'GET', '/api/admin/audit?limit=0')).status).toBe(400)
  expect((await ask(guest, 'GET', '/api/admin/audit')).status).toBe(403)
  await checkOnPhone(admin)
})

test('no page broke the content security policy or threw', () => {
  expect(faults).toEqual([])
})
