import { afterEach, beforeEach, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { createTestClock } from '../testing/test-clock.ts'
import { type Authorization, createApiClient } from './api-client.ts'
import { createOutgoing } from './outgoing.ts'

/** Tokens that the source takes, and what it was asked with. */
let taken: string[]
let asked: string[]
let server: TestServer

beforeEach(async () => {
  taken = []
  asked = []
  server = await startServer((request, response) => {
    const token = request.headers.authorization ?? ''
    asked.push(token)
    response.writeHead(taken.includes(token) ? 200 : 401, { 'content-type': 'application/json' }).end('{}')
  })
})

afterEach(() => server.close())

/** A client whose authorization is renewed from one number to the next. */
function client() {
  let number = 1
  let held: Authorization = { headers: { authorization: '1' } }
  const plugin = examplePlugin('example', {}, `http://${server.host}`).plugin
  return createApiClient({
    plugin,
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

test('where there is nothing to renew, the refusal stands after one request', async () => {
  const authorization = { headers: { authorization: 'key' } }
  const http = createApiClient({
    plugin: examplePlugin('example', {}, `http://${server.host}`).plugin,
    clock: createTestClock('2026-11-20T12:00:00Z'),
    outgoing: createOutgoing({ privateHosts: [server.host] }),
    resolve: (url) => url,
    authorize: () => Promise.resolve(authorization),
  })
  await expect(http.get('/data')).rejects.toMatchObject({ code: 'reauthorize' })
  expect(asked).toEqual(['key'])
})
