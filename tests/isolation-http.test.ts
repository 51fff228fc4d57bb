import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { discoverRoutes, methods, type Route } from './harness/discover-routes.ts'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type Expectation, routeTable, type Thing } from './harness/route-table.ts'
import { type App, startApp } from './harness/start-app.ts'

const routes = discoverRoutes()
const scopes = ['read', 'write', 'import'] as const
const password = 'a long password'

let app: App
let database: TestDatabase
let adminId: string
const people: Record<'ada' | 'ben' | 'root' | 'dan', HttpUser> = {} as never
const userIds: Record<string, string> = {}
const tokens: Record<string, string> = {}

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: 'root@example.org',
    TRIBUTARY_ADMIN_PASSWORD: password,
  })
  people.root = createHttpUser(app)
  await people.root.json('POST', '/api/auth/sign-in/email', { email: 'root@example.org', password })
  for (const name of ['ada', 'ben', 'dan'] as const) {
    const { link } = await people.root.json<{ link: string }>('POST', '/api/admin/invitations', {})
    people[name] = createHttpUser(app)
    const form = new URLSearchParams({ name, email: `${name}@example.org`, password, timeZone: 'UTC' })
    expect((await people[name].request('POST', link, form)).status).toBe(303)
  }
  for (const { id, email } of await database.query<{ id: string; email: string }>(
    'select id, email from tributary.users',
  ))
    userIds[email.split('@')[0] ?? ''] = id
  adminId = userIds['root'] ?? ''
  for (const scope of scopes) tokens[scope] = await makeToken(people.ada, [scope])
  tokens['disabled'] = await makeToken(people.dan, ['read', 'write', 'import'])
  tokens['expired'] = await makeToken(people.ada, ['read', 'write', 'import'])
  await database.query(
    `update tributary.api_tokens set expires_at = now() where id = (
    select id from tributary.api_tokens where user_id = $1 order by created_at desc limit 1)`,
    [userIds['ada']],
  )
  tokens['unknown'] = `trib_${randomBytes(32).toString('base64url')}`
  await disableWithSession()
  await connectByHttp(people.ada, 'fitbit')
})

// Who tries so much would have to wait.
beforeEach(async () => {
  await database.query('delete from tributary.failed_attempts')
})

afterAll(async () => {
  await app.stop()
  await database.drop()
})

/** Disables Dan and leaves him his session, as if ending it had failed. */
async function disableWithSession(): Promise<void> {
  const [session] = await database.query<{ row: object }>(
    'select to_jsonb(s) as row from tributary.sessions s where user_id = $1',
    [userIds['dan']],
  )
  await people.root.json('PATCH', `/api/admin/users/${userIds['dan']}`, { disabled: true })
  await database.query(
    'insert into tributary.sessions select * from jsonb_populate_record(null::tributary.sessions, $1)',
    [session?.row],
  )
}

async function makeToken(user: HttpUser, scopes: string[]): Promise<string> {
  const made = await user.json<{ token: string }>('POST', '/api/account/tokens', {
    name: 'x',
    scopes,
    days: 1,
  })
  return made.token
}

/** An answer that a source gave for Ada. */
async function firstPage(): Promise<string | undefined> {
  const [row] = await database.query<{ id: string }>(
    `select fetch_id || '/' || page as id from tributary.raw_pages where user_id = $1 order by 1 limit 1`,
    [userIds['ada']],
  )
  return row?.id
}

/** Creates something of Ada's for each request that may remove it, and gives its id. */
async function makeThing(thing: Thing): Promise<string> {
  const { ada } = people
  const insert = async (sql: string) => {
    const [row] = await database.query<{ id: string }>(`insert into tributary.${sql} returning id`, [
      userIds['ada'],
    ])
    return row?.id ?? ''
  }
  switch (thing) {
    case 'plugin': {
      const { connected } = await ada.json<{ connected: boolean }>('GET', '/api/plugins/fitbit')
      if (!connected) await connectByHttp(ada, 'fitbit')
      return 'fitbit'
    }
    case 'metric':
      return 'fitbit.steps'
    case 'day':
      return 'fitbit.steps/2026-01-01'
    case 'raw-page':
      await expect.poll(firstPage).toBeDefined()
      return (await firstPage()) ?? ''
    case 'template': {
      const body = { name: 'Mine', metrics: [] }
      const made = await ada.json<{ template: { id: string } }>('POST', '/api/metric-templates', body)
      return made.template.id
    }
    case 'job':
      return insert(`import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, priority,
        run_after) select user_id, id, source_id, 'manual', '2026-01-01', '2026-01-01', 'succeeded', 1, now()
        from tributary.user_integrations where user_id = $1 limit 1`)
    case 'upload':
      return insert(`uploads (user_id, source_id, layer, file_name)
        select $1, 'csv', coalesce(max(layer), 0) + 1, 'a.csv' from tributary.uploads`)
    case 'token':
      return insert(
        `api_tokens (user_id, name, scopes, token_hash) values ($1, 'x', '{read}', sha256(random()::text::bytea))`,
      )
    case 'session':
      return insert(`sessions (user_id, token, expires_at) values ($1, gen_random_uuid(), 'infinity')`)
    case 'user':
      return adminId
  }
}

const parameter = /[[{](?:\.\.\.)?(\w+)(?:=\w+)?[\]}]/g
const unknownIds: Partial<Record<Thing, string>> = {
  plugin: 'unknown',
  metric: 'no.such',
  day: 'no.such/2026-01-01',
  'raw-page': '999999999/0',
}
const unknownId = (thing: Thing) => unknownIds[thing] ?? randomUUID()
/** Ids that are none: the path does not exist, whoever asks. */
const malformed = [
  'none!',
  '1',
  "'; drop table users",
  '%00',
  '..%2f..%2fadmin',
  '00000000-0000-0000-0000-00000000000g',
]

/** Fills a path: its last parameters with the parts of the id, those before them with what fits. */
function fill(path: string, id: string | undefined): string {
  const parts = id?.split('/') ?? []
  let left = [...path.matchAll(parameter)].length
  return path.replaceAll(parameter, (_, name: string) => {
    left -= 1
    return parts.at(-1 - left) ?? (name === 'id' ? 'csv' : 'nothing')
  })
}

interface Key {
  route: Route
  method: string
  action: string
  expected: Expectation
}

const keys: Key[] = routes.flatMap((route) =>
  route.takes.flatMap((take) => {
    const [method = '', action = ''] = take.split(' ')
    const expected = routeTable[`${method} ${route.path}${action && ` ${action}`}`]
    return expected ? [{ route, method: method === 'any' ? 'POST' : method, action, expected }] : []
  }),
)

function addressOf({ route, action, expected }: Key, id?: string): string {
  const query = action || (expected.query ? `?${expected.query}` : '')
  return fill(route.path, id) + query
}

/** Sends it with a token, or as nobody, and an own cookie beside it where one is given. */
function sendWith(key: Key, path: string, headers: Record<string, string>): Promise<Response> {
  const { body } = key.expected
  const form = body instanceof URLSearchParams
  return fetch(new URL(path, app.url), {
    method: key.method,
    redirect: 'manual',
    headers: {
      ...headers,
      ...(form ? { accept: 'text/html' } : body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  })
}

async function statusOf(response: Promise<Response>): Promise<number> {
  const answer = await response
  await answer.body?.cancel()
  return answer.status
}

const nameOf = ({ route, method, action }: Key) => `${method} ${route.path}${action}`
const named = keys.map((key) => [nameOf(key), key] as const)
const closed = named.filter(([, { expected }]) => expected.for !== 'anybody')
const api = (key: Key) => key.route.path.startsWith('/api/')

test('every route and method stands in the table, and nothing else does', () => {
  const found = routes.flatMap(({ path, takes }) =>
    takes.map((take) => {
      const [method = '', action = ''] = take.split(' ')
      return `${method} ${path}${action && ` ${action}`}`
    }),
  )
  expect(found.sort()).toEqual(Object.keys(routeTable).sort())
})

describe.each(named)('%s', (_name, key) => {
  const { expected } = key
  const thing = expected.thing

  test('answers who may', async () => {
    const id = thing && (await makeThing(thing))
    const who =
      expected.for === 'anybody' ? createHttpUser(app) : expected.for === 'admin' ? people.root : people.ada
    const response = await who.request(key.method, addressOf(key, id), expected.body)
    const endless = response.headers.get('content-type') === 'text/event-stream'
    const text = endless ? await response.body?.cancel() : await response.text()
    expect(response.status, text?.slice(0, 300)).toBe(expected.status)
  })
})

describe.each(closed)('%s', (_name, key) => {
  const { expected } = key
  const thing = expected.thing
  const refusedAsNobody = async (response: Response) => {
    if (api(key) && response.status !== 302) expect(response.status).toBe(401)
    else expect(response.headers.get('location')).toMatch(/^\/sign-in\?next=/)
    await response.body?.cancel()
  }

  test('sends nobody, and who is disabled, to sign in', async () => {
    const path = addressOf(key, thing && (await makeThing(thing)))
    await refusedAsNobody(await sendWith(key, path, { origin: app.url }))
    await refusedAsNobody(await people.dan.request(key.method, path, expected.body))
  })

  test.runIf(expected.for === 'admin')('refuses who is no admin', async () => {
    const path = addressOf(key, thing && (await makeThing(thing)))
    expect(await statusOf(people.ben.request(key.method, path, expected.body))).toBe(403)
  })

  test.runIf(thing !== undefined && !['plugin', 'metric', 'day', 'user'].includes(thing))(
    "answers for another's id exactly as for an unknown one",
    async () => {
      const id = await makeThing(thing as Thing)
      for (const who of [people.ben, people.root]) {
        const others = await shown(who.request(key.method, addressOf(key, id), expected.body), id)
        const strange = unknownId(thing as Thing)
        const unknown = await shown(who.request(key.method, addressOf(key, strange), expected.body), strange)
        expect(others).toEqual(unknown)
        expect(others.status).toBe(404)
      }
      const stays = await shown(people.ada.request(key.method, addressOf(key, id), expected.body), id)
      expect(stays.status).toBe(expected.status)
    },
  )

  test.runIf(thing !== undefined)('does not know an unknown id, nor one that is none', async () => {
    const who = expected.for === 'admin' ? people.root : people.ada
    const unknown = addressOf(key, unknownId(thing as Thing))
    expect(await statusOf(who.request(key.method, unknown, expected.body))).toBe(expected.unknown ?? 404)
    if (thing === 'metric') return
    for (const id of malformed.filter((id) => thing !== 'plugin' || !/^[a-z\d][a-z\d-]*$/.test(id)))
      expect(await statusOf(who.request(key.method, addressOf(key, encodeURI(id)), expected.body)), id).toBe(
        404,
      )
  })

  test.runIf(api(key) && expected.status < 300 && (expected.query || expected.body))(
    'refuses what it does not know',
    async () => {
      const path = addressOf(key, thing && (await makeThing(thing)))
      const who = expected.for === 'admin' ? people.root : people.ada
      const [asked, body] = expected.query
        ? [`${path}&surprise=1`, expected.body]
        : [path, { ...(expected.body as object), surprise: 1 }]
      const response = await who.request(key.method, asked, body)
      expect([400, 422]).toContain(response.status)
      expect(await response.text()).toContain('surprise')
    },
  )

  test.runIf(api(key))('takes a token with the scope that it needs, and no other', async () => {
    for (const scope of scopes) {
      const id = thing && (await makeThing(thing))
      const headers = { authorization: `Bearer ${tokens[scope]}` }
      const status = await statusOf(sendWith(key, addressOf(key, id), headers))
      expect(status, scope).toBe(expected.scopes?.includes(scope) ? expected.status : 403)
    }
    for (const kind of ['unknown', 'expired', 'disabled']) {
      const id = thing && (await makeThing(thing))
      const cookie = people.ada.cookie()
      const headers = { authorization: `Bearer ${tokens[kind]}`, cookie, origin: app.url }
      expect(await statusOf(sendWith(key, addressOf(key, id), headers)), kind).toBe(401)
    }
  })

  test('takes nothing that another site made a browser send', async () => {
    if (key.method === 'GET') return
    const path = addressOf(key, thing && (await makeThing(thing)))
    const headers = { cookie: people.root.cookie(), origin: 'https://evil.example' }
    expect(await statusOf(sendWith(key, path, headers))).toBe(403)
  })
})

test('a method that a route does not know is refused, whoever asks', async () => {
  for (const { path, kind, takes } of routes) {
    if (kind !== 'api' || takes.includes('any')) continue
    const id = path.endsWith('{page}') ? '0' : /plugins\/\{id\}(?!.*\{)/.test(path) ? 'csv' : randomUUID()
    for (const method of methods.filter((method) => !takes.includes(method)))
      for (const who of [createHttpUser(app), people.ada, people.root])
        expect(await statusOf(who.request(method, fill(path, id))), `${method} ${path}`).toBe(405)
  }
})

/** All of an answer that could tell one id from another. */
async function shown(answer: Promise<Response>, id: string) {
  const response = await answer
  const headers = [...response.headers].filter(
    ([name]) => !['date', 'x-request-id', 'etag', 'content-security-policy'].includes(name),
  )
  const text = (await response.text())
    .replaceAll(id, 'ID')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'SOME-ID')
    .replaceAll(/nonce="[^"]*"/g, '')
  return { status: response.status, headers, text }
}
