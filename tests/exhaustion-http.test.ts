import { request as httpRequest } from 'node:http'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { connectByHttp, type HttpUser } from './harness/http-user.ts'
import { routeTable } from './harness/route-table.ts'
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

const boundary = 'border'
const headers = () => ({ cookie: ada.cookie(), origin: app.url })
const upload = (body: BodyInit, more: Record<string, string> = {}) =>
  fetch(`${app.url}/api/plugins/csv/upload`, {
    method: 'POST',
    headers: { ...headers(), 'content-type': `multipart/form-data; boundary=${boundary}`, ...more },
    body,
  })
const form = (fileName: string, content: Uint8Array | string) =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
const listNames = async () =>
  (await ada.json<{ uploads: { fileName: string }[] }>('GET', '/api/plugins/csv/uploads')).uploads.map(
    ({ fileName }) => fileName,
  )

test.each([
  ['../../../etc/passwd', 'passwd'],
  ['/etc/passwd.csv', 'passwd.csv'],
  ['C:\\windows\\values.csv', 'values.csv'],
  ['..', 'file'],
  [`${'a'.repeat(300)}.csv`, 'a'.repeat(255)],
  ['%2e%2e%2fvalues.csv', '%2e%2e%2fvalues.csv'],
])('the name %j of a file is shown as a name, and is no path', async (given, shown) => {
  const response = await upload(form(given, 'date,a\n2026-01-01,1\n'))
  expect(response.status, await response.clone().text()).toBe(202)
  expect((await listNames())[0]).toBe(shown)
})

const bomb = Buffer.alloc(64 * 1024 * 1024, 'date,a\n2026-01-01,1\n')
const entities = `<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><z>&b;&c;</z>`

describe.each([
  ['a zip file', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200)])],
  ['a bomb packed by gzip', gzipSync(bomb)],
  ['a bomb packed by zstd', zstdCompressSync(bomb)],
  ['a spreadsheet', Buffer.from('PK\u0003\u0004[Content_Types].xml xl/workbook.xml')],
  ['XML with entities', Buffer.from(entities)],
  ['XML in rows', Buffer.from(`${entities}\n`.repeat(20))],
])('%s', (_name, content) => {
  test('is refused as it is, without being unpacked, and nothing of it stays', async () => {
    const before = await listNames()
    const response = await upload(form('values.csv', content))
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain('unreadable-file')
    expect(text).not.toMatch(/lollol|root:/)
    expect(await listNames()).toEqual(before)
    const guess = await fetch(`${app.url}/api/plugins/csv/upload/guess`, {
      method: 'POST',
      headers: headers(),
      body: new Uint8Array(content),
    })
    expect(guess.status).toBe(422)
  })
})

test('a request that says that it is packed is read as it came', async () => {
  const packed = gzipSync(form('values.csv', 'date,a\n2026-01-01,1\n'))
  expect((await upload(packed, { 'content-encoding': 'gzip' })).status).toBe(400)
  const response = await fetch(`${app.url}/api/metrics/look`, {
    method: 'POST',
    headers: { ...headers(), 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync('{"date":"2026-01-01"}'),
  })
  expect(response.status).toBe(400)
})

test('of an upload that breaks off nothing stays', async () => {
  const before = await listNames()
  const { hostname, port } = new URL(app.url)
  const sent = httpRequest({
    hostname,
    port,
    method: 'POST',
    path: '/api/plugins/csv/upload',
    headers: {
      ...headers(),
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(1 << 30),
    },
  })
  sent.on('error', () => {})
  const piece = form('values.csv', 'x'.repeat(3 << 20)).subarray(0, -20)
  await new Promise((resolve) => sent.write(piece, resolve))
  const uploads = () =>
    database.query(`select 1 from tributary.uploads where file_name = 'values.csv' and mapping is null`)
  await expect.poll(async () => (await uploads()).length).toBe(1)
  sent.destroy()
  await expect.poll(async () => (await uploads()).length).toBe(0)
  expect(await listNames()).toEqual(before)
})

test('a form of countless fields or a mapping without end is refused', async () => {
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const many = Buffer.concat([
    Buffer.from(Array.from({ length: 50_000 }, (_, at) => field(`f${at}`, 'x')).join('')),
    form('values.csv', 'date,a\n2026-01-01,1\n'),
  ])
  expect((await upload(many)).status).toBeLessThan(500)
  const deep = Buffer.concat([
    Buffer.from(field('mapping', '['.repeat(90_000))),
    form('values.csv', 'date,a\n2026-01-01,1\n'),
  ])
  expect((await upload(deep)).status).toBe(422)
  const zero = JSON.stringify({
    delimiter: ',',
    decimal: '.',
    dateColumn: 'date',
    dateFormat: 'YYYY-MM-DD',
    columns: [{ column: 'a', field: 'a', name: 'a\u0000', type: 'number', unit: '1' }],
  })
  const broken = Buffer.concat([Buffer.from(field('mapping', zero)), form('v.csv', 'date,a\n2026-01-01,1\n')])
  expect((await upload(broken)).status).toBe(422)
})

const withBody = Object.entries(routeTable).filter(
  ([key, { body }]) => key.includes(' /api/') && body && !(body instanceof URLSearchParams),
)

test.each(withBody.map(([key]) => key))('%s takes no body over 512 KiB', async (key) => {
  const [method = '', path = ''] = key.split(' ')
  const address =
    app.url +
    path.replace('plugins/{id}', 'plugins/csv').replace('{id}', '00000000-0000-4000-8000-000000000000')
  const send = (init: RequestInit) =>
    fetch(address, { method, headers: { ...headers(), 'content-type': 'application/json' }, ...init })
  expect((await send({ body: JSON.stringify({ a: 'x'.repeat(600_000) }) })).status).toBe(413)
  const unknown = new Blob(['{}']).stream()
  expect((await send({ body: unknown, duplex: 'half' } as RequestInit)).status).toBe(413)
})

test.each([
  '/api/metrics/daily?from=0001-01-01&to=9999-12-31',
  '/api/metrics/daily?from=-271821-04-20&to=2026-01-01',
  '/api/metrics/compare?metric=metric.steps&from=1000-01-01&to=2026-01-01',
  '/api/metrics/split?metric=wakatime.codingTimeByProject&from=1000-01-01&to=2026-01-01',
  '/api/coverage?plugin=fitbit&from=1000-01-01&to=2026-01-01',
  '/api/admin/audit?limit=100000',
])('%s asks for too much at once', async (path) => {
  expect((await ada.request('GET', path)).status).toBe(400)
})

test('a history of two thousand years is not asked for', async () => {
  await connectByHttp(ada, 'fitbit')
  const change = await ada.request('PATCH', '/api/plugins/fitbit', { historyDays: 800_000 })
  expect(change.status).toBe(400)
  const metrics = Array.from({ length: 101 }, () => ({ type: 'manual', name: 'x', valueType: 'number' }))
  expect((await ada.request('POST', '/api/metric-templates', { name: 'x', metrics })).status).toBe(422)
})
