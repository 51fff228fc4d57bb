import type { RequestListener } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import {
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  gzipSync,
} from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { createOutgoing, type TimeLimits } from './outgoing.ts'
import { parseAnswer } from './parse-answer.ts'
import { readBody } from './read-body.ts'

const mebibyte = 1024 * 1024

const servers: TestServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function listen(listener: RequestListener): Promise<TestServer> {
  const server = await startServer(listener)
  servers.push(server)
  return server
}

/** Asks a server that answers so. */
async function ask(listener: RequestListener, init: RequestInit = {}, limits: Partial<TimeLimits> = {}) {
  const { host } = await listen(listener)
  return createOutgoing({ privateHosts: [host], limits }).send('Example', new URL(`http://${host}/`), init)
}

test('a request arrives with its method, headers and body, and as coming from this app', async () => {
  let told: unknown
  const answer = await ask(
    (request, response) => {
      const { method, headers } = request
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        told = { method, headers, body }
        response.writeHead(201, { 'x-limit': '7' }).end('{"ok":true}')
      })
    },
    {
      method: 'POST',
      body: new URLSearchParams({ a: 'ä b' }),
      headers: { host: 'evil.example', 'x-own': '1' },
    },
  )
  expect([answer.status, answer.headers.get('x-limit'), await answer.json()]).toEqual([
    201,
    '7',
    { ok: true },
  ])
  expect(told).toMatchObject({
    method: 'POST',
    body: 'a=%C3%A4+b',
    headers: {
      host: servers[0]?.host,
      'x-own': '1',
      'user-agent': 'Tributary',
      'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
    },
  })
})

test.each([301, 302, 303, 307, 308])(
  'a redirect (%i) is not followed, and its target hears nothing',
  async (status) => {
    const target = await listen((_, response) => response.end())
    const asked = ask(
      (_, response) => response.writeHead(status, { location: `http://${target.host}/` }).end(),
      {
        headers: { authorization: 'Bearer secret' },
      },
    )
    await expect(asked).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('elsewhere'),
    })
    expect(target.connections()).toBe(0)
  },
)

const silent: RequestListener = () => {}
const endless: RequestListener = (_, response) => {
  response.writeHead(200)
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}

test('an answer that does not begin in time ends', async () => {
  await expect(ask(silent, {}, { answer: 100 })).rejects.toThrow('did not answer in time')
})

test('an answer that never ends ends', async () => {
  const response = await ask(endless, {}, { whole: 200 })
  await expect(readBody(response, 'Example')).rejects.toMatchObject({ code: 'unavailable' })
})

test('nothing listens: it cannot be reached', async () => {
  const { host } = await listen(silent)
  await servers.pop()?.close()
  const asked = createOutgoing({ privateHosts: [host] }).send('Example', new URL(`http://${host}/`))
  await expect(asked).rejects.toMatchObject({ code: 'unavailable', message: 'Example cannot be reached.' })
})

const packers = {
  gzip: () => createGzip({ level: 1 }),
  deflate: () => createDeflate({ level: 1 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: () => createZstdCompress(),
}

test.each(['gzip', 'deflate', 'br', 'zstd'] as const)(
  'a bomb packed by %s ends early, in the room that the largest answer may take',
  async (coding) => {
    let made = 0
    const zeros = Buffer.alloc(mebibyte)
    const bomb = () =>
      Readable.from(
        (function* () {
          for (; made < 4096; made += 1) yield zeros
        })(),
      )
    const closed = Promise.withResolvers<unknown>()
    const before = process.memoryUsage().rss
    const response = await ask((_, answer) => {
      answer.writeHead(200, { 'content-encoding': coding }).once('close', () => closed.resolve(true))
      pipeline(bomb(), packers[coding](), answer, () => {})
    })
    await expect(readBody(response, 'Example', 8)).rejects.toThrow('over 8 MiB')
    await closed.promise
    expect(made).toBeLessThan(1024)
    expect((process.memoryUsage().rss - before) / mebibyte).toBeLessThan(150)
  },
)

test.each([
  ['gzip', gzipSync('{"a":1}')],
  ['x-gzip', gzipSync('{"a":1}')],
  ['identity', Buffer.from('{"a":1}')],
])('what is packed by %s is read, and no longer called packed', async (coding, body) => {
  const response = await ask((_, answer) => answer.writeHead(200, { 'content-encoding': coding }).end(body))
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(parseAnswer(await readBody(response, 'Example'), 'Example')).toEqual({ a: 1 })
})

test.each(['gzip, gzip', 'compress', 'constructor'])('an answer packed by "%s" is none', async (coding) => {
  const asked = ask((_, answer) => answer.writeHead(200, { 'content-encoding': coding }).end('x'))
  await expect(asked).rejects.toMatchObject({ code: 'unavailable' })
})

test('a packed answer that breaks off is none', async () => {
  const half = gzipSync(Buffer.alloc(1000, 'abc')).subarray(0, 20)
  const response = await ask((_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end(half))
  await expect(readBody(response, 'Example')).rejects.toThrow('broke off')
})

test('an answer without a body is one', async () => {
  const response = await ask((_, answer) => answer.writeHead(204).end())
  expect([response.status, response.body]).toEqual([204, null])
})

test.each(['name@', 'name:password@', ':password@'])(
  'a URL with "%s" in it is refused before anything is sent',
  async (credentials) => {
    let requests = 0
    const { host } = await listen((_, response) => {
      requests += 1
      response.end('{}')
    })
    const send = createOutgoing({ privateHosts: [host] }).send(
      'Example',
      new URL(`http://${credentials}${host}/`),
    )
    await expect(send).rejects.toMatchObject({ code: 'misconfigured' })
    expect(requests).toBe(0)
  },
)

test('an answer that is nested too deep is refused before it is parsed, and brackets in texts count for nothing', () => {
  const deep = (levels: number) => Buffer.from('[{"a":'.repeat(levels) + '1' + '}]'.repeat(levels))
  expect(() => parseAnswer(deep(51), 'Example')).toThrow('nested too deep')
  expect(parseAnswer(deep(50), 'Example')).toBeDefined()
  expect(() => parseAnswer(Buffer.from('['.repeat(mebibyte)), 'Example')).toThrow('nested too deep')
  const text = `\\"${'[{'.repeat(200)}`
  expect(parseAnswer(Buffer.from(`{"text":"${text}"}`), 'Example')).toEqual({ text: `"${'[{'.repeat(200)}` })
  expect(parseAnswer(Buffer.from(`<p>${'{'.repeat(200)}`), 'Example')).toBeUndefined()
})
