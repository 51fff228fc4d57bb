import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

const credentials = { email: 'ada@example.org', password: 'a long password' }
/** Long names make an answer that no socket buffers whole. */
const longName = 'm'.repeat(400)
let database: TestDatabase
let app: App
let ada: HttpUser
let bert: HttpUser

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
  })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', credentials)
  const { link } = await ada.json<{ link: string }>('POST', '/api/admin/invitations', {})
  bert = createHttpUser(app)
  const { password } = credentials
  const form = new URLSearchParams({ name: 'Bert', email: 'bert@example.org', password, timeZone: 'UTC' })
  expect((await bert.request('POST', link, form)).status).toBe(303)
  await database.query(
    `insert into tributary.daily_metric_values (user_id, day, metric_name, source, value, basis)
     select id, day, 'made.' || $2 || n, 'made', n, 'daily-record' from tributary.users,
       generate_series('2016-12-01'::date, '2026-11-30', '1 day') day, generate_series(1, 12) n
     where email = $1`,
    [credentials.email, longName],
  )
})

afterAll(async () => {
  await app.stop()
  await database.drop()
})

const decade = '/api/metrics/daily?from=2016-12-01&to=2026-11-30'

test('a long answer is complete and in order', async () => {
  const { days } = await ada.json<{ days: { date: string; values: Record<string, number | null> }[] }>(
    'GET',
    `${decade}&metrics=made.${longName}7,made.none`,
  )
  expect(days).toHaveLength(3652)
  expect(days.every(({ date }, at) => at === 0 || date > (days[at - 1]?.date ?? ''))).toBe(true)
  expect(days.every(({ values }) => values[`made.${longName}7`] === 7 && values['made.none'] === null)).toBe(
    true,
  )
})

test('more than a hundred metrics in one question are refused', async () => {
  const names = Array.from({ length: 101 }, (_, n) => `a.m${n}`).join(',')
  const response = await ada.request('GET', `${decade}&metrics=${names}`)
  expect(response.status).toBe(400)
  expect((await response.json()) as object).toMatchObject({ detail: expect.stringContaining('100') })
})

/** Asks for all of ten years over a socket of its own, and reads nothing of the answer. */
async function askWithoutReading(user: HttpUser): Promise<Socket> {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${decade} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${user.cookie()}\r\n\r\n`)
  return socket
}

test('a user who asks without reading is refused at last, and keeps nobody else waiting', async () => {
  const sockets: Socket[] = []
  try {
    for (let n = 0; n < 10; n++) sockets.push(await askWithoutReading(ada))
    await expect.poll(async () => (await ada.request('GET', decade)).status).toBe(429)
    const refused = await ada.request('GET', decade)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await bert.request('GET', decade)).status).toBe(200)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  await expect.poll(async () => (await ada.request('GET', decade)).status).toBe(200)
})
