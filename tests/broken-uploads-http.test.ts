import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import type { HttpUser } from './harness/http-user.ts'
import type { App } from './harness/start-app.ts'
import { startAppWithAdmin } from './harness/start-app-with-admin.ts'

let database: TestDatabase
let app: App
let ada: HttpUser
let stop: () => Promise<void>

beforeAll(async () => {
  ;({ database, app, admin: ada, stop } = await startAppWithAdmin())
})

afterAll(() => stop())

beforeEach(() => database.query('delete from tributary.uploads'))

const boundary = 'border'
const part = (content: string, disposition = 'form-data; name="file"; filename="a.csv"') =>
  `--${boundary}\r\nContent-Disposition: ${disposition}\r\n\r\n${content}`
const complete = `${part('date,v\n2026-11-01,1\n')}\r\n--${boundary}--\r\n`

function upload(body: string, { source = 'csv', type = `multipart/form-data; boundary=${boundary}` } = {}) {
  return fetch(`${app.url}/api/plugins/${source}/upload`, {
    method: 'POST',
    headers: { cookie: ada.cookie(), origin: app.url, 'content-type': type },
    body,
  })
}

const storedUploads = () => database.query('select id from tributary.uploads')

describe('a form that ends too early is answered with 400 and nothing of it stays', () => {
  test.each([
    ['inside the file', 'csv', part('date,v\n2026-11-01,1\n')],
    ['right behind the headers of the file', 'csv', part('')],
    ['inside the headers of the file', 'csv', part('').slice(0, -10)],
    ['inside a second file', 'csv', `${part('date,v\n')}\r\n${part('x')}`],
    ['inside a field', 'csv', part('x', 'form-data; name="mapping"')],
    ['at a source that takes no files', 'fitbit', part('date,v\n')],
    ['at an unknown source', 'nothing', part('date,v\n')],
  ])('%s', async (_where, source, body) => {
    const response = await upload(body, { source })
    expect(response.status, await response.text()).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await storedUploads()).toEqual([])
  })
})

test.each([
  ['without a boundary', 'multipart/form-data'],
  ['with an empty boundary', 'multipart/form-data; boundary='],
  ['with a boundary of 5,000 letters', `multipart/form-data; boundary=${'b'.repeat(5000)}`],
])('a form %s is refused with a sentence', async (_name, type) => {
  const response = await upload(complete, { type })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'invalid-input' })
})

/** Sends an upload whose connection is cut when the process may be anywhere between its first and its last step. */
async function cutAfter(bytes: number): Promise<void> {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const head = [
    'POST /api/plugins/csv/upload HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Cookie: ${ada.cookie()}`,
    `Origin: ${app.url}`,
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    `Content-Length: ${complete.length}`,
  ]
  const sent = `${head.join('\r\n')}\r\n\r\n${complete.slice(0, bytes)}`
  await new Promise((resolve) => socket.write(sent, resolve))
  // What the server does meanwhile is a request of another user's length, so that the cut meets it at work.
  await fetch(`${app.url}/healthz`)
  socket.resetAndDestroy()
}

test('connections that are cut at any byte of an upload end that upload alone', async () => {
  for (let bytes = 1; bytes < complete.length; bytes += 3) await cutAfter(bytes)
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  await expect.poll(storedUploads).toEqual([])
  expect((await upload(complete)).status).toBe(202)
})

test('an upload that is refused in its middle is answered, however much is still to come', async () => {
  await database.query(
    `insert into tributary.uploads (user_id, source_id, file_name, layer)
     select id, 'csv', 'old.csv', n from tributary.users, generate_series(1, 1001) n`,
  )
  const large = `${part(`date,v\n${'2026-11-01,1\n'.repeat(600_000)}`)}\r\n--${boundary}--\r\n`
  const response = await upload(large)
  expect(response.status, await response.text()).toBe(409)
})
