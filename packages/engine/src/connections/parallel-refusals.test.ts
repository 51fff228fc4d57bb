import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let server: TestServer
let tributary: TestEngine
let grants: string[]
let asked: string[]

/** A service that accepts its second token alone. It refuses the first one when both requests have come, `/late` when the second is in use. */
beforeEach(async () => {
  grants = []
  asked = []
  const renewedSeen = Promise.withResolvers<true>()
  const lateSeen = Promise.withResolvers<true>()
  server = await startServer((request, response) => {
    const { url = '', headers } = request
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', () => {
      if (url.startsWith('/oauth/token')) {
        grants.push(new URLSearchParams(text).get('grant_type') ?? '')
        const number = grants.length
        answer(200, { access_token: `a${number}`, refresh_token: `r${number}`, token_type: 'bearer' })
      } else if (url.startsWith('/me')) answer(200, { id: 'somebody' })
      else {
        asked.push(`${url.split('?')[0]} ${headers.authorization?.split(' ')[1]}`)
        if (headers.authorization !== 'Bearer a1') {
          answer(200, { entries: [] })
          renewedSeen.resolve(true)
        } else if (url.startsWith('/late')) {
          lateSeen.resolve(true)
          void renewedSeen.promise.then(() => answer(401, {}))
        } else void lateSeen.promise.then(() => answer(401, {}))
      }
    })
  })
  const { plugin } = examplePlugin('example', {}, `http://${server.host}`)
  const days = plugin.streams['days']
  if (!days) throw new Error('the example has no stream')
  const parallel = definePlugin({
    ...plugin,
    streams: {
      days: {
        ...days,
        async *fetchData({ http }) {
          yield* await Promise.all([http.get('/data'), http.get('/late')])
        },
      },
    },
  })
  tributary = await createTestEngine({
    plugins: [parallel],
    environment: {
      TRIBUTARY_ALLOWED_PRIVATE_HOSTS: server.host,
      EXAMPLE_CLIENT_ID: 'client',
      EXAMPLE_CLIENT_SECRET: 'secret',
    },
  })
})

afterEach(async () => {
  await tributary.close()
  await server.close()
})

test('a refusal that comes when another request has renewed the token already renews nothing', async () => {
  const ada = await tributary.addUser('ada@example.org')
  const address = await tributary.engine.plugins.startAuthorization(ada, 'example')
  const callback = new URLSearchParams({ code: 'c', state: address.searchParams.get('state') ?? '' })
  await tributary.engine.plugins.finishAuthorization(ada, 'example', callback)
  tributary.startWorker()
  await tributary.settled()
  expect(asked.slice(0, 4).sort()).toEqual(['/data a1', '/data a2', '/late a1', '/late a2'])
  expect(grants).toEqual(['authorization_code', 'refresh_token'])
  expect(await tributary.engine.plugins.get(ada.user.id, 'example')).toMatchObject({ state: 'connected' })
})
