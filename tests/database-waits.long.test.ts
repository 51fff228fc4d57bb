import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from '../packages/engine/src/testing/database-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { freePort, runCommand, startApp } from './harness/start-app.ts'

const credentials = { email: 'ada@example.org', password: 'a long password' }
let folder: string
let database: TestDatabase
let proxy: DatabaseProxy
let pages: ReturnType<typeof runCommand>
let ada: HttpUser

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-waits-'))
  database = await createTestDatabase({ empty: true })
  const settings = {
    TRIBUTARY_DATA_DIR: folder,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
  }
  const app = await startApp({ ...settings, DATABASE_URL: database.url })
  await importFitbit(createHttpUser(app))
  await app.stop()

  // Pages alone, without a worker, whose statements would count as well.
  proxy = await startDatabaseProxy(database.url)
  const port = await freePort()
  pages = runCommand('web', { ...settings, DATABASE_URL: proxy.url, PORT: String(port) })
  await pages.until(/Tributary is at/)
  ada = createHttpUser({ url: `http://localhost:${port}` })
  await ada.json('POST', '/api/auth/sign-in/email', credentials)
})

afterAll(async () => {
  await pages.stop()
  await proxy.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function importFitbit(user: HttpUser): Promise<void> {
  await user.json('POST', '/api/auth/sign-in/email', credentials)
  await connectByHttp(user, 'fitbit')
  const hasValues = async () => {
    const { days } = await user.json<{ days: { values: object }[] }>('GET', daily)
    return days.some(({ values }) => Object.keys(values).length > 0)
  }
  await vi.waitUntil(hasValues)
}

const day = Temporal.Now.plainDateISO('UTC')
const daily = `/api/metrics/daily?from=${day.subtract({ days: 5 }).toString()}&to=${day.toString()}`

/** The fewest of a few tries: the first ones open connections, and a busy machine may part what is sent together. */
async function waitsOf(request: () => Promise<Response>): Promise<number> {
  const waits: number[] = []
  for (let attempt = 0; attempt < 5; attempt += 1) {
    waits.push(
      await proxy.countWaits(async () => {
        const response = await request()
        expect(response.status).toBeLessThan(400)
        await response.text()
      }),
    )
  }
  return Math.min(...waits)
}

test.each([
  ['/today', 5],
  ['/settings/plugins', 5],
  ['/settings/security', 4],
  ['/settings/plugins/fitbit', 11],
  ['/metrics/fitbit.steps', 9],
  [`/metrics/fitbit.steps/${day.subtract({ days: 2 })}`, 13],
  ['/admin/configuration', 11],
  ['/api/plugins', 5],
  ['/readyz', 2],
])('%s waits for the database at most %d times in a row', async (path, most) => {
  const waits = await waitsOf(() => ada.request('GET', path))
  expect(waits).toBeLessThanOrEqual(most)
})

test('a sign-in waits for the database at most 15 times in a row', async () => {
  const waits = await waitsOf(() => ada.request('POST', '/api/auth/sign-in/email', credentials))
  expect(waits).toBeLessThanOrEqual(15)
})
