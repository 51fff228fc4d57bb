import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { consent, createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const issuer = 'https://service.example'

let hostile: Server
/** All that the hostile server was ever told, as one text. */
let overheard: string
let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  overheard = ''
  hostile = createServer((request, response) => {
    overheard += `${request.url} ${JSON.stringify(request.headers)} `
    request.on('data', (chunk) => (overheard += String(chunk)))
    request.on('end', () => {
      const body = { access_token: 'theirs', refresh_token: 'theirs', token_type: 'bearer', id: 'them' }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  }).listen(0, '127.0.0.1')
  await once(hostile, 'listening')
  const host = `127.0.0.1:${(hostile.address() as AddressInfo).port}`
  tributary = await createTestEngine({
    plugins: [
      examplePlugin('honest', { issuer, issParameter: true }),
      examplePlugin('hostile', {}, `http://${host}`),
    ],
    aliases: { honest: 'example-service' },
    environment: {
      TRIBUTARY_ALLOWED_PRIVATE_HOSTS: host,
      HOSTILE_CLIENT_ID: 'hostile-client',
      HOSTILE_CLIENT_SECRET: 'hostile-secret',
    },
  })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(async () => {
  hostile.close()
  await tributary.close()
})

const begin = (source: string) => tributary.engine.plugins.startAuthorization(ada, source)
const finish = (source: string, callback: URLSearchParams) =>
  tributary.engine.plugins.finishAuthorization(ada, source, callback)
const honestTokenRequests = () =>
  tributary.lab.lab.requests('honest').filter(({ path }) => path.endsWith('/token')).length

/** What the hostile server makes of a request to it: one to the honest server, that ends the hostile flow. */
async function turned(redirectUri: (address: URL) => string): Promise<URL> {
  const [own, honest] = [await begin('hostile'), await begin('honest')]
  honest.searchParams.set('state', own.searchParams.get('state') ?? '')
  honest.searchParams.set('code_challenge', own.searchParams.get('code_challenge') ?? '')
  honest.searchParams.set('redirect_uri', redirectUri(own))
  return honest
}

test('every source has a callback of its own, and the honest server takes no other', async () => {
  const [honest, own] = [await begin('honest'), await begin('hostile')]
  expect(honest.searchParams.get('redirect_uri')).toBe('http://localhost:5173/api/plugins/honest/callback')
  expect(own.searchParams.get('redirect_uri')).toBe('http://localhost:5173/api/plugins/hostile/callback')
  const address = await turned((hostileAddress) => hostileAddress.searchParams.get('redirect_uri') ?? '')
  await expect(consent(address)).rejects.toThrow('redirect_uri')
})

test("a code of the honest server that comes with the hostile flow's state is exchanged nowhere", async () => {
  const address = await turned(() => 'http://localhost:5173/api/plugins/honest/callback')
  const callback = await consent(address)
  expect(callback.get('code')).toMatch(/\w/)
  await expect(finish('honest', callback)).rejects.toMatchObject({ code: 'invalid-state' })
  await expect(finish('hostile', callback)).rejects.toMatchObject({ code: 'invalid-state' })
  expect(honestTokenRequests()).toBe(0)
  expect(overheard).toBe('')
})

test("the honest server's answer sent to the hostile callback tells the hostile server nothing", async () => {
  await begin('hostile')
  const callback = await consent(await begin('honest'))
  await expect(finish('hostile', callback)).rejects.toMatchObject({ code: 'invalid-state' })
  expect(overheard).toBe('')
  expect(honestTokenRequests()).toBe(0)
})

test('whoever connects both gives each its own code and secret alone', async () => {
  const callback = await consent(await begin('honest'))
  await finish('honest', callback)
  const own = await begin('hostile')
  await finish('hostile', new URLSearchParams({ code: 'own', state: own.searchParams.get('state') ?? '' }))
  expect(overheard).toContain('code=own')
  const { issued } = (await (await fetch(`${tributary.lab.url}/issued/honest`)).json()) as {
    issued: { value: string }[]
  }
  const secrets = [tributary.lab.lab.client('honest').clientSecret, ...issued.map(({ value }) => value)]
  expect(secrets.length).toBeGreaterThanOrEqual(4)
  for (const secret of secrets) expect(overheard).not.toContain(secret)
})

test.each([
  ['another issuer', (callback: URLSearchParams) => callback.set('iss', 'https://evil.example')],
  ['no issuer', (callback: URLSearchParams) => callback.delete('iss')],
  ['two issuers', (callback: URLSearchParams) => callback.append('iss', 'https://evil.example')],
])('a callback with %s is refused before any token request', async (_, change) => {
  const callback = await consent(await begin('honest'))
  expect(callback.get('iss')).toBe(issuer)
  change(callback)
  await expect(finish('honest', callback)).rejects.toMatchObject({ code: 'wrong-issuer' })
  expect(honestTokenRequests()).toBe(0)
})

test('an error that another issuer sends is not taken for the answer of the person', async () => {
  const address = await begin('honest')
  const callback = new URLSearchParams({
    error: 'access_denied',
    state: address.searchParams.get('state') ?? '',
    iss: 'https://evil.example',
  })
  await expect(finish('honest', callback)).rejects.toMatchObject({ code: 'wrong-issuer' })
})
