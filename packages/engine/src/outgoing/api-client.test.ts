import { afterEach, beforeEach, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { createTestClock } from '../testing/test-clock.ts'
import { type Authorization, createApiClient } from './api-client.ts'
import { createOutgoing } from './outgoing.ts'
import { readResponses } from '../sources/read-responses.ts'
import { createLog } from '../runtime/log.ts'

const now = createTestClock('2026-11-20T12:00:00Z').now()

/** Tokens that the source takes, and what it was asked with. */
let taken: string[]
let asked: string[]
let server: TestServer
let answer: { status?: number; headers?: Record<string, string>; body: string }

beforeEach(async () => {
  taken = []
  asked = []
  answer = { body: '{}' }
  server = await startServer((request, response) => {
    const token = request.headers.authorization ?? ''
    asked.push(token)
    const { status = 200, headers, body } = answer
    response
      .writeHead(taken.includes(token) ? status : 401, { 'content-type': 'application/json', ...headers })
      .end(body)
  })
})

afterEach(() => server.close())

/** A client whose authorization is renewed from one number to the next. */
function client() {
  let number = 1
  let held: Authorization = { headers: { authorization: '1' } }
  const { plugin } = examplePlugin('example', {}, `http://${server.host}`)
  const rateLimit = { resetSeconds: 'x-reset' }
  return createApiClient({
    plugin: { ...plugin, api: { ...plugin.api, rateLimit } },
    reader: readResponses(plugin, createLog('silent')),
    clock: createTestClock('2026-11-20T12:00:00Z'),
    outgoing: createOutgoing({ privateHosts: [server.host] }),
    resolve: (url) => url,
    authorize(refused) {
      if (refused === held) held = { headers: { authorization: String((number += 1)) } }
      return Promise.resolve(held)
    },
  })
}

test('what is refused is renewed once and asked once more', async () => {
  taken = ['2']
  const http = client()
  expect(await http.get('/data')).toEqual({})
  expect(await http.get('/data')).toEqual({})
  expect(asked).toEqual(['1', '2', '2'])
})

test('many that are refused at the same time are renewed once', async () => {
  taken = ['2']
  const http = client()
  await Promise.all(Array.from({ length: 8 }, () => http.get('/data')))
  expect(new Set(asked)).toEqual(new Set(['1', '2']))
})

test('a source that refuses what was renewed too is unavailable, and nothing is renewed for what is asked after', async () => {
  const http = client()
  for (let time = 0; time < 3; time += 1)
    await expect(http.get('/data')).rejects.toMatchObject({ code: 'unavailable' })
  expect(asked).toEqual(['1', '2', '2', '2'])
  taken = ['2', '3']
  expect(await http.get('/data')).toEqual({})
  taken = ['3']
  expect(await http.get('/data')).toEqual({})
  expect(asked.slice(4)).toEqual(['2', '2', '3'])
})

test.each(['', '<html></html>', '{"entries": [', '{}{}', 'undefined', "{'a': 1}"])(
  'an answer %j is no JSON, which is an error and no empty answer',
  async (body) => {
    taken = ['1']
    answer = { body }
    await expect(client().get('/data')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Example answered with something that is not JSON.',
    })
  },
)

test.each([
  ['90', 90],
  ['45', 45],
  ['45.5', 46],
  ['1', 5],
  ['0', undefined],
  ['-45', undefined],
  ['1795176300', 300],
  ['1795176300000', 300],
  ['Fri, 20 Nov 2026 12:10:00 GMT', 600],
  ['Fri, 20 Nov 2026 11:00:00 GMT', undefined],
  ['1e300', 86_400],
  ['Mon, 20 Nov 2056 12:00:00 GMT', 86_400],
  ['soon', undefined],
])('a source that says to come back after "%s" is waited for so long', async (after, seconds) => {
  taken = ['1']
  answer = { status: 429, headers: { 'retry-after': after }, body: '{}' }
  await expect(client().get('/data')).rejects.toMatchObject({
    code: 'rate-limited',
    retryAt: seconds === undefined ? undefined : now.add({ seconds }),
  })
})

test.each([
  [429, { 'retry-after': '45', 'x-reset': '600' }, 'rate-limited', 600],
  [429, { 'retry-after': '600', 'x-reset': '1795175999' }, 'rate-limited', 600],
  [429, { 'x-reset': '1795176300' }, 'rate-limited', 300],
  [403, { 'retry-after': '45' }, 'rate-limited', 45],
  [503, { 'retry-after': '45' }, 'unavailable', 45],
  [202, { 'retry-after': '45' }, 'unavailable', 45],
] as const)(
  'a %i with %j is %s, to be asked again after %i seconds',
  async (status, headers, code, seconds) => {
    taken = ['1']
    answer = { status, headers, body: '{}' }
    await expect(client().get('/data')).rejects.toMatchObject({ code, retryAt: now.add({ seconds }) })
  },
)

test.each([202, 203, 206])('a success with %i is no answer', async (status) => {
  taken = ['1']
  answer = { status, body: '{"entries":[]}' }
  await expect(client().get('/data')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`without the requested data (${status})`),
  })
})

test.each([204, 205])('a success with %i, which has no body, is no answer', async (status) => {
  taken = ['1']
  answer = { status, body: '' }
  await expect(client().get('/data')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a 201 is an answer', async () => {
  taken = ['1']
  answer = { status: 201, body: '{"entries":[1]}' }
  expect(await client().get('/data')).toEqual({ entries: [1] })
})

test.each([
  [403, '{}', 'not-allowed', 'not allowed at Example (403); connect again and allow it there.'],
  [403, '<html>Blocked</html>', 'unavailable', 'Example answered with a client error (403).'],
  [418, '{}', 'unavailable', 'Example answered with a client error (418).'],
  [404, '', 'unavailable', 'Example answered with a client error (404).'],
  [502, '', 'unavailable', 'Example could not answer (502).'],
])('a %i with the body %j is %s: %s', async (status, body, code, message) => {
  taken = ['1']
  answer = { status, body }
  await expect(client().get('/data')).rejects.toMatchObject({ code, message })
})

test('where there is nothing to renew, the refusal stands after one request', async () => {
  const authorization = { headers: { authorization: 'key' } }
  const { plugin } = examplePlugin('example', {}, `http://${server.host}`)
  const http = createApiClient({
    plugin,
    reader: readResponses(plugin, createLog('silent')),
    clock: createTestClock('2026-11-20T12:00:00Z'),
    outgoing: createOutgoing({ privateHosts: [server.host] }),
    resolve: (url) => url,
    authorize: () => Promise.resolve(authorization),
  })
  await expect(http.get('/data')).rejects.toMatchObject({ code: 'reauthorize' })
  expect(asked).toEqual(['key'])
})
