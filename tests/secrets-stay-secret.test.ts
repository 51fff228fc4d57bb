import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpTables, findLeaks } from '../packages/engine/src/testing/find-leaks.ts'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { discoverRoutes } from './harness/discover-routes.ts'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { searchFiles } from './harness/search-files.ts'
import { type App, startApp } from './harness/start-app.ts'

const canaries = {
  password: 'canary-password-5b2e',
  'wrong password': 'canary-wrong-7c1d',
  'client secret': 'canary-client-secret-9a4f',
}
/** A password in the wrong field: it comes back to who typed it, and goes nowhere else. */
const typedAsEmail = 'typed-as-email-3d8b'
const secrets: Record<string, string | Buffer> = { ...canaries }
const bodies: string[] = []
let database: TestDatabase
let folder: string
let app: App
let ada: HttpUser

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  const { password } = new URL(database.url)
  if (password !== '') secrets['database password'] = decodeURIComponent(password)
  folder = await mkdtemp(join(tmpdir(), 'tributary-secrets-'))
  app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_DATA_DIR: folder,
    TRIBUTARY_LOG_LEVEL: 'trace',
    TRIBUTARY_SIMULATE: 'fitbit,google-fit',
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: canaries.password,
  })
  ada = recorded(createHttpUser(app))
})

afterAll(async () => {
  await app.stop()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Keeps the body of every answer, and the session's token as a secret. */
function recorded(user: HttpUser): HttpUser {
  async function request(...asked: Parameters<HttpUser['request']>): Promise<Response> {
    const response = await user.request(...asked)
    bodies.push(`${asked[0]} ${asked[1].split('?')[0]}: ${await response.clone().text()}`)
    for (const cookie of response.headers.getSetCookie()) {
      const signed = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? '')
      if (signed.length > 20) {
        secrets['session token'] = signed.split('.')[0] ?? ''
        secrets['session cookie'] = signed
      }
    }
    return response
  }
  return {
    request,
    cookie: () => user.cookie(),
    json: async <Answer>(...asked: Parameters<HttpUser['request']>) =>
      (await request(...asked)).json() as Promise<Answer>,
  }
}

/** The address of every route and page that is read, with ids that there are. */
function addresses(ids: Record<string, string>): string[] {
  const fill = (path: string) =>
    path.replaceAll(/\[[^\]]+\]|\{\w+\}/g, (hole, at: number) => {
      const inApi = path.slice(0, at).endsWith('/plugins/') ? '[id=plugin]' : '[id=uuid]'
      return ids[hole === '{id}' ? inApi : hole] ?? 'none'
    })
  return (
    discoverRoutes()
      .filter(({ takes }) => takes.includes('GET'))
      // A stream of events has no end.
      .filter(({ path }) => !/sign-out|callback|events/.test(path))
      .map(({ path }) => fill(path))
  )
}

test('a whole journey, what fails in it included, leaves no secret in the log, the database or any answer', async () => {
  const signIn = (password: string) =>
    ada.request('POST', '/api/auth/sign-in/email', { email: 'ada@example.org', password })
  expect((await signIn(canaries['wrong password'])).status).toBe(401)
  expect((await signIn(canaries.password)).status).toBe(200)
  await ada.request('POST', '/sign-in', new URLSearchParams({ email: typedAsEmail, password: 'x' }))
  await ada.json('PUT', '/api/admin/configuration', {
    'plugin.google-health.client_id': 'an-id',
    'plugin.google-health.client_secret': canaries['client secret'],
  })
  await ada.request('PUT', '/api/admin/configuration', {
    'plugin.google-health.nothing': canaries['client secret'],
  })
  const { link } = await ada.json<{ link: string }>('POST', '/api/admin/invitations', { role: 'user' })
  const invitation = link.split('/').at(-1) ?? ''

  const wanted = { name: 'x', scopes: ['read'], days: 1 }
  const { token } = await ada.json<{ token: string }>('POST', '/api/account/tokens', wanted)
  const { password } = canaries
  const step = await ada.json<{ secret: string }>('POST', '/api/account/second-step', { password })

  await connectByHttp(ada, 'fitbit', { refuse: true })
  await connectByHttp(ada, 'fitbit', { change: ({ searchParams }) => searchParams.set('code', 'stale') })
  await connectByHttp(ada, 'fitbit', { change: ({ searchParams }) => searchParams.set('state', 'other') })
  expect(await connectByHttp(ada, 'fitbit')).toBe('/settings/plugins?success=fitbit')
  expect(await connectByHttp(ada, 'google-fit')).toBe('/settings/plugins?success=google-fit')
  const { job } = await ada.json<{ job: { id: string; status: string } }>('POST', '/api/plugins/fitbit/sync')
  expect(job.status).toBe('succeeded')
  await ada.request('PUT', '/api/plugins/wakatime/key', { key: `${canaries['client secret']} ` })
  const { templates } = await ada.json<{ templates: { id: string }[] }>('GET', '/api/metric-templates')
  const ids = {
    '[id=plugin]': 'fitbit',
    '[id=uuid]': templates[0]?.id ?? job.id,
    '[name]': 'fitbit.steps',
  }
  const read = addresses(ids)
  expect(read.length).toBeGreaterThan(25)
  for (const path of read) await ada.request('GET', path)
  await ada.json('GET', '/api/metrics/daily?from=2026-01-01&to=2026-12-31')
  await ada.json('POST', '/api/admin/plugins/fitbit/test')
  await ada.json('DELETE', '/api/plugins/google-fit')

  for (const source of ['fitbit', 'google-fit']) {
    const path = `/lab/issued/${source}`
    expect((await fetch(app.url + path)).status).toBe(404)
    const issuing = await fetch(app.url + path, { headers: { cookie: ada.cookie() } })
    const { issued } = (await issuing.json()) as { issued: { value: string }[] }
    expect(issued.length).toBeGreaterThan(1)
    for (const [index, { value }] of issued.entries()) secrets[`${source} ${index}`] = value
  }
  secrets.key = Buffer.from((await readFile(join(folder, 'keys'), 'utf8')).trim(), 'base64')
  expect(secrets).toHaveProperty(['session cookie'])

  const log = app.output()
  expect(log).toContain('an import ended')
  const dump = await dumpTables(database)
  expect(dump).toContain('ada@example.org')
  // Each of these was shown once, to who asked for it.
  const kept = { ...secrets, invitation, token, 'second step': step.secret, typedAsEmail }
  expect(findLeaks(log, kept)).toEqual([])
  expect(findLeaks(dump, kept)).toEqual([])
  expect(bodies.filter((body) => findLeaks(body, secrets).length > 0)).toEqual([])
})

/** Answers a request of its own by two pieces, the border of which cuts what they hold. */
const program = `
  import { createServer } from 'node:http'
  const [path, ...pieces] = process.argv.slice(1)
  const server = createServer((_, response) => {
    for (const piece of pieces) response.write(piece)
    response.end()
  }).listen(0, '127.0.0.1', async () => {
    await (await fetch('http://127.0.0.1:' + server.address().port + path)).text()
    server.close()
    server.closeAllConnections()
  })`

test.each([
  ['/page?x=1', 'the answer to GET /page holds long password\n'],
  ['/lab/page', ''],
])('an app that tests start tells of each answer that holds a secret: %s', (path, told) => {
  const searching = new URL('./harness/search-answers.ts', import.meta.url).href
  const given = ['--import', searching, '--input-type=module', '-e', program, path, 'a long pass', 'word']
  expect(spawnSync(process.execPath, given, { encoding: 'utf8' }).stderr).toBe(told)
})

test('a secret in a file of the database of an app is found', async () => {
  const files = join(folder, 'files')
  await mkdir(join(files, 'base'), { recursive: true })
  await writeFile(join(files, 'base', '1'), Buffer.from('\0\u0001 nothing'))
  await searchFiles(files)
  await writeFile(join(files, 'base', '2'), Buffer.from('\0\u0001a long password\0'))
  await expect(searchFiles(files)).rejects.toThrow('long password')
})
