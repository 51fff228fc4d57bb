import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { routeTable } from './harness/route-table.ts'
import { type App, startApp } from './harness/start-app.ts'

const password = 'a long password'
let database: TestDatabase
let app: App
let root: HttpUser
let ada: HttpUser
let adaId: string
let benId: string
let templateId: string

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: 'root@example.org',
    TRIBUTARY_ADMIN_PASSWORD: password,
  })
  root = createHttpUser(app)
  await root.json('POST', '/api/auth/sign-in/email', { email: 'root@example.org', password })
  const { link } = await root.json<{ link: string }>('POST', '/api/admin/invitations', {})
  ada = createHttpUser(app)
  // What a sign-up form has no field for is not taken from it either.
  const form = { name: 'Ada', email: 'ada@example.org', password, timeZone: 'UTC', role: 'admin', id: 'x' }
  await ada.request('POST', link, new URLSearchParams(form))
  adaId = await idOf('ada')
  const other = await root.json<{ link: string }>('POST', '/api/admin/invitations', {})
  const account = { name: 'Ben', email: 'ben@example.org', password, timeZone: 'UTC' }
  await createHttpUser(app).request('POST', other.link, new URLSearchParams(account))
  benId = await idOf('ben')
  await connectByHttp(ada, 'fitbit')
  const made = await ada.json<{ template: { id: string } }>('POST', '/api/metric-templates', {
    name: 'Mine',
    metrics: [],
  })
  templateId = made.template.id
})

const idOf = async (name: string) =>
  (
    await database.query<{ id: string }>('select id from tributary.users where email = $1', [
      `${name}@example.org`,
    ])
  )[0]?.id ?? ''

// What ended the session would leave the rest untried.
afterEach(async () => {
  for (const user of [root, ada]) expect((await user.request('GET', '/api/plugins')).status).toBe(200)
})

afterAll(async () => {
  await app.stop()
  await database.drop()
})

const manual = { type: 'manual', name: 'Mood', valueType: 'text', unit: 'x' }
const external = { type: 'external', name: 'Steps', source: 'fitbit.steps' }

/** A body that each route takes, with every key that it knows. */
const bodies: Record<string, { body: Record<string, unknown>; by?: 'root' }> = {
  'PATCH /api/account': { body: { timeZone: 'UTC' } },
  'DELETE /api/account': { body: { password: 'wrong' } },
  'PUT /api/account/password': { body: { current: 'wrong', wanted: 'another long one' } },
  'POST /api/account/second-step': { body: { password: 'wrong' } },
  'PUT /api/account/second-step': { body: { code: '000000' } },
  'DELETE /api/account/second-step': { body: { password: 'wrong' } },
  'POST /api/account/tokens': { body: { name: 'x', scopes: ['read'], days: 1 } },
  'POST /api/auth/sign-in/email': { body: { email: 'ada@example.org', password: 'wrong' } },
  'POST /api/auth/sign-in/code': { body: { code: '000000' } },
  'PUT /api/admin/configuration': { body: { 'plugin.fitbit.client_id': 'x' }, by: 'root' },
  'POST /api/admin/invitations': { body: { email: 'ben@example.org', role: 'user' }, by: 'root' },
  'PATCH /api/admin/users/{id}': { body: { disabled: false, role: 'user' }, by: 'root' },
  'POST /api/metric-templates': { body: { name: 'x', chosen: false, metrics: [manual, external] } },
  'PUT /api/metric-templates/{id}': { body: { name: 'x', metrics: [manual, external] } },
  'PUT /api/metric-templates/order': { body: { ids: ['00000000-0000-4000-8000-000000000000'] } },
  'POST /api/metrics/look': { body: { date: '2026-01-01' } },
  'PUT /api/metrics/manual': { body: { metric: 'fitbit.steps', date: '2026-01-01', value: 1 } },
  'PATCH /api/plugins/{id}': { body: { enabled: true, streams: ['activity'], historyDays: 10 } },
  'PUT /api/plugins/{id}/key': { body: { key: 'x' } },
  'POST /api/plugins/{id}/remap': { body: { action: 'cancel' } },
  'POST /api/plugins/{id}/sync': { body: { startDate: '2026-01-01', endDate: '2026-01-02' } },
  'PUT /api/preferences/sources': { body: { order: ['fitbit'] } },
}

const queries: Record<string, { query: string; by?: 'root' }> = {
  'GET /api/admin/audit': { query: 'action=x&before=1&limit=1', by: 'root' },
  'GET /api/coverage': { query: 'plugin=fitbit&from=2026-01-01&to=2026-01-02' },
  'GET /api/import-jobs': { query: 'plugin=fitbit&before=2026-11-21T12:00:00Z' },
  'GET /api/import-jobs/{id}/rejections': { query: 'after=1&limit=1' },
  'GET /api/metrics/changes': { query: 'since=2026-01-01&metric=metric.steps&limit=1' },
  'GET /api/metrics/compare': { query: 'metric=metric.steps&from=2026-01-01&to=2026-01-02' },
  'GET /api/metrics/daily': { query: 'from=2026-01-01&to=2026-01-02&metrics=fitbit.steps' },
  'GET /api/metrics/explain': { query: 'metric=fitbit.steps&date=2026-01-01&offset=0' },
  'GET /api/metrics/split': { query: 'metric=wakatime.project&from=2026-01-01&to=2026-01-02' },
  'DELETE /api/plugins/{id}': { query: 'data=keep' },
  'GET /today': { query: 'date=2026-01-01&template=x' },
  'GET /metrics/fitbit.steps': { query: 'range=week&to=2026-01-01&compare=x' },
  'GET /settings/plugins': { query: 'success=fitbit&error=unavailable&plugin=fitbit' },
  'GET /admin/audit': { query: 'action=x&before=1', by: 'root' },
}

const hostile: [string, string][] = [
  ['SQL that ends a text', `'; drop table tributary.users; --`],
  ['SQL that is always true', `' or '1'='1`],
  ['SQL that reads elsewhere', `1 union select password from tributary.accounts`],
  ['SQL in quotes of names', `"; delete from tributary.users; select "`],
  ['a zero byte', 'a\u0000b'],
  ['half a character', 'a\ud800b'],
  ['a path upwards', '../../../../etc/passwd'],
  ['a line break for a header', 'a\r\nSet-Cookie: x=y'],
  ['a script', '<script>alert(1)</script>'],
  ['a template', '${7*7}{{7*7}}'],
  ['a prototype', '__proto__'],
  ['nothing', ''],
  ['a text that has no end', 'x'.repeat(200_000)],
  ['a far day', '+275760-09-13'],
  ['a negative day', '-000001-01-01'],
]

const addressOf = (key: string) =>
  (key.split(' ')[1] ?? '')
    .replace('plugins/{id}', 'plugins/fitbit')
    .replace('{id}', key.includes('/admin/users/') ? benId : templateId)

/** Sends a body as it stands, so that it may be what JSON.stringify never writes. */
async function send(key: string, text: string): Promise<Response> {
  // Who guesses so much would have to wait, and what they send would not be looked at.
  await database.query('delete from tributary.failed_attempts')
  const user = bodies[key]?.by === 'root' ? root : ada
  return fetch(app.url + addressOf(key), {
    method: key.split(' ')[0] ?? '',
    headers: { 'content-type': 'application/json', cookie: user.cookie(), origin: app.url },
    body: text,
  })
}

/** A refusal in words, never a fault of ours, and never words of the database. */
async function expectRefusal(response: Response, what: string): Promise<void> {
  const text = await response.text()
  expect(response.status, `${what}: ${text.slice(0, 300)}`).toBeLessThan(500)
  expect(text).not.toMatch(/syntax error|invalid byte sequence|violates|node_modules|at async/)
}

/** Every way to put one text in the place of another, however deep it lies. */
function* withText(value: unknown, text: string): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      for (const changed of withText(item, text)) yield value.with(at, changed)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value))
      for (const changed of withText(item, text)) yield { ...value, [name]: changed }
  } else yield text
}

test('every route that takes a body or a query is tried here', () => {
  const expected = Object.entries(routeTable)
  const withBody = expected.filter(([, { body }]) => body && !(body instanceof URLSearchParams))
  const known = (keys: object) => Object.keys(keys)
  expect(known(bodies)).toEqual(
    expect.arrayContaining(withBody.map(([key]) => key).filter((key) => key.includes('/api/'))),
  )
  const asked = expected.filter(([key, { query }]) => query && key.includes('/api/')).map(([key]) => key)
  expect(known(queries)).toEqual(expect.arrayContaining(asked))
})

describe.each(Object.entries(bodies))('%s', (key, { body }) => {
  test('takes whatever text stands in its body, or refuses it by a sentence', async () => {
    for (const [name, text] of hostile)
      for (const changed of withText(body, text))
        await expectRefusal(
          await send(key, JSON.stringify(changed)),
          `${name} ${JSON.stringify(changed).slice(0, 200)}`,
        )
  })

  test('takes whatever number, and whatever form, or refuses it by a sentence', async () => {
    for (const name of Object.keys(body))
      for (const value of [
        '1e999',
        '-1e999',
        '9'.repeat(400),
        '-0',
        '1e-400',
        '0.1',
        '9007199254740993',
        'true',
        '[]',
        '{}',
        'null',
        '[[[[]]]]',
      ])
        await expectRefusal(
          await send(key, JSON.stringify({ ...body, [name]: '#' }).replace('"#"', value)),
          `${name}: ${value.slice(0, 40)}`,
        )
    for (const text of ['', ' ', 'null', '1', '"x"', '[]', '{', '{}{}', '\u0000', '{"a":', '\ufeff{}'])
      await expectRefusal(await send(key, text), text)
  })

  test('is not confused by depth, by a key that stands twice, or by a prototype', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const depth = 80_000
      const deep = open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth)
      const name = Object.keys(body)[0] ?? ''
      await expectRefusal(await send(key, deep), 'deep')
      await expectRefusal(await send(key, `{${JSON.stringify(name)}:${deep}}`), 'deep in a key')
    }
    const inner = JSON.stringify(body).slice(1)
    for (const surprise of ['__proto__', 'constructor', 'prototype'])
      await expectRefusal(
        await send(key, `{"${surprise}":{"role":"admin","disabled":true},${inner}`),
        surprise,
      )
    expect(({} as { role?: string }).role).toBeUndefined()
    await expectRefusal(await send(key, `${JSON.stringify(body).slice(0, -1)},${inner}`), 'twice')
  })

  test('takes no key that is not for whoever sends it to set', async () => {
    const before = await whoIsWho()
    for (const extra of [
      'role',
      'userId',
      'user_id',
      'isAdmin',
      'disabled_at',
      'id',
      'connectionId',
      'layer',
    ]) {
      if (extra in body) continue
      const response = await send(
        key,
        JSON.stringify({ ...body, [extra]: extra === 'role' ? 'admin' : adaId }),
      )
      expect([400, 422], `${extra}: ${response.status}`).toContain(response.status)
      expect(await response.text()).toContain(extra)
    }
    expect(await whoIsWho()).toEqual(before)
  })
})

const whoIsWho = () => database.query('select id, email, role, disabled_at from tributary.users order by id')

describe.each(Object.entries(queries))('%s', (key, { query, by }) => {
  test('takes whatever stands in its query, or refuses it by a sentence', async () => {
    const before = await whoIsWho()
    const names = [...new URLSearchParams(query).keys()]
    for (const [name, text] of hostile)
      for (const parameter of names) {
        const changed = new URLSearchParams(query)
        // Node itself refuses a longer line.
        changed.set(parameter, text.slice(0, 4_000))
        const user = by === 'root' ? root : ada
        const method = key.split(' ')[0] ?? ''
        await expectRefusal(
          await user.request(method, `${addressOf(key)}?${changed.toString()}`),
          `${name} in ${parameter}`,
        )
      }
    expect(await whoIsWho()).toEqual(before)
  })
})

test('who signs up says neither what they may do nor who they are', async () => {
  const users = await database.query('select role from tributary.users where id = $1', [adaId])
  expect(users).toEqual([{ role: 'user' }])
  expect(adaId).toMatch(/^[0-9a-f-]{36}$/)
})

test('a path that leads upwards or elsewhere finds no file and no route', async () => {
  const { request } = await import('node:http')
  const ask = (path: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(app.url)
      const sent = request({ hostname, port, path, headers: { cookie: ada.cookie() } }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      sent.on('error', reject).end()
    })
  const up = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '%252e%252e%252f', '..;/']
  for (const step of up)
    for (const base of [
      '/',
      '/_app/',
      '/_app/immutable/',
      '/lab/',
      '/api/raw-pages/',
      '/api/plugins/',
      '/settings/plugins/',
    ])
      for (const file of ['etc/passwd', 'package.json', 'keys', 'data/keys', 'packages/web/package.json']) {
        const { status, text } = await ask(base + step.repeat(8) + file)
        expect([307, 308, 400, 401, 404], `${base}${step} ${status}`).toContain(status)
        expect(text).not.toMatch(/root:.*:0:0|"workspaces"|"dependencies"/)
      }
  for (const path of [
    '//evil.example/today',
    '/api//plugins',
    '/api/plugins/fitbit%00',
    '/%',
    '/%c0%ae%c0%ae/',
    '*',
  ])
    expect((await ask(path)).status, path).toBeLessThan(500)
})
