import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let server: TestServer
let tributary: TestEngine
let ada: SignedIn
/** What the service has of each account, by day. */
let scores: Record<string, Record<string, number>>
/** The tokens that were renewed. */
let renewed: string[]

/** A service whose codes and tokens name the account. */
beforeEach(async () => {
  scores = { home: { '2026-11-16': 10 }, work: { '2026-11-16': 20, '2026-11-17': 30 }, gym: {} }
  renewed = []
  server = await startServer((request, response) => {
    const { url = '', headers } = request
    const respond = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const account = headers.authorization?.split(/[ -]/)[1] ?? ''
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', () => {
      if (url.startsWith('/oauth/token')) {
        const form = new URLSearchParams(text)
        const of = form.get('code') ?? form.get('refresh_token') ?? ''
        if (form.has('refresh_token')) renewed.push(of)
        respond({
          access_token: `${of}-${renewed.length}`,
          refresh_token: of,
          token_type: 'bearer',
          expires_in: 3600,
        })
      } else if (url.startsWith('/me')) respond({ id: account })
      else {
        const entries = Object.entries(scores[account] ?? {})
        respond({ entries: entries.map(([date, score]) => ({ date, score })) })
      }
    })
  })
  const { plugin } = examplePlugin('example', { revokeUrl: undefined } as never, `http://${server.host}`)
  const field = { name: 'Daily score', type: 'number', unit: '{score}', kind: 'readiness' } as const
  tributary = await createTestEngine({
    plugins: [definePlugin({ ...plugin, fields: { dailyScore: field } })],
    environment: {
      TRIBUTARY_ALLOWED_PRIVATE_HOSTS: server.host,
      EXAMPLE_CLIENT_ID: 'client',
      EXAMPLE_CLIENT_SECRET: 'secret',
    },
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterEach(async () => {
  await tributary.close()
  await server.close()
})

async function connect(account: string, connection?: string, signedIn = ada) {
  const { plugins } = tributary.engine
  const address = await plugins.startAuthorization(signedIn, 'example', connection)
  const callback = new URLSearchParams({ code: account, state: address.searchParams.get('state') ?? '' })
  await plugins.finishAuthorization(signedIn, 'example', callback)
  await tributary.settled()
}

const status = (connection?: string) => tributary.engine.plugins.get(ada.user.id, 'example', connection)

async function connectTwo(): Promise<[string, string]> {
  await connect('home')
  tributary.clock.add({ minutes: 1 })
  await connect('work', 'new')
  const [first, second] = (await status()).connections.map(({ id }) => id)
  return [first ?? '', second ?? '']
}

async function valuesOf(metric: string) {
  const range = { from: '2026-11-16', to: '2026-11-17' }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics: [metric] })
  return days.map(({ values }) => values[metric] ?? null)
}

test('a second account is connected beside the first, and each has its own imports', async () => {
  const [first, second] = await connectTwo()
  expect(await status()).toMatchObject({
    connection: first,
    name: null,
    connections: [
      { id: first, name: 'Account 1', state: 'connected' },
      { id: second, name: 'Account 2', state: 'connected' },
    ],
  })
  expect(await status(second)).toMatchObject({ connection: second, name: 'Account 2', connected: true })
  const jobs = await tributary.engine.jobs.list(ada.user.id, { plugin: 'example' })
  expect(new Set(jobs.map(({ connectionId }) => connectionId))).toEqual(new Set([first, second]))
  const ofSecond = await tributary.engine.jobs.list(ada.user.id, { plugin: 'example', connection: second })
  expect(new Set(ofSecond.map(({ connectionId }) => connectionId))).toEqual(new Set([second]))
  const job = await tributary.engine.plugins.sync(ada.user.id, 'example', {}, second)
  expect(job).toMatchObject({ connectionId: second, status: 'succeeded' })
})

test('of a day that two accounts have a value of, the first one counts; the others fill its gaps', async () => {
  await connectTwo()
  expect(await valuesOf('example.dailyScore')).toEqual([10, 30])
  expect(await valuesOf('metric.readiness')).toEqual([10, 30])
  const explain = (date: string) =>
    tributary.engine.metrics.explain(ada.user.id, { metric: 'example.dailyScore', date, offset: 0 })
  expect(await explain('2026-11-16')).toMatchObject({
    value: 10,
    evidence: { records: [{ value: 10, counts: true }] },
  })
  expect(await explain('2026-11-17')).toMatchObject({
    value: 30,
    evidence: { records: [{ value: 30, counts: true }] },
  })
})

test('the account that is connected already keeps its connection, whatever was meant', async () => {
  const [first, second] = await connectTwo()
  await connect('home', 'new')
  await connect('work')
  await connect('work', first)
  expect((await status()).connections.map(({ id }) => id)).toEqual([first, second])
})

test('another account is not connected in place of one that is, unless as a new one', async () => {
  const [first] = await connectTwo()
  await expect(connect('gym')).rejects.toMatchObject({ status: 409, code: 'wrong-account' })
  await expect(connect('gym', first)).rejects.toMatchObject({ status: 409, code: 'wrong-account' })
  expect((await status()).connections).toHaveLength(2)
})

test('the data of one account are removed without those of the other', async () => {
  const [first, second] = await connectTwo()
  await tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: true, connection: first })
  expect(await status()).toMatchObject({ connection: second, connections: [{ id: second }] })
  expect(await valuesOf('example.dailyScore')).toEqual([20, 30])
  expect(await valuesOf('metric.readiness')).toEqual([20, 30])
  // Nor are its numbers in what is recorded of the change.
  expect((await tributary.engine.metrics.changes(ada.user.id)).changes).toEqual([])
  await tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: true, connection: second })
  expect(await valuesOf('example.dailyScore')).toEqual([null, null])
  expect(await status()).toMatchObject({ state: 'disconnected', lastSync: null })
})

test('one account is disconnected, and the other goes on', async () => {
  const [first, second] = await connectTwo()
  await tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: false, connection: second })
  expect((await status()).connections.map(({ state }) => state)).toEqual(['connected', 'disconnected'])
  expect(await tributary.engine.plugins.sync(ada.user.id, 'example', {})).toMatchObject({
    connectionId: first,
  })
  await expect(tributary.engine.plugins.sync(ada.user.id, 'example', {}, second)).rejects.toMatchObject({
    status: 409,
  })
  expect(await valuesOf('example.dailyScore')).toEqual([10, 30])
})

test('the tokens of each account are renewed by themselves', async () => {
  const [, second] = await connectTwo()
  tributary.clock.add({ hours: 2 })
  await tributary.engine.plugins.sync(ada.user.id, 'example', {}, second)
  await tributary.settled()
  expect(renewed).toEqual(['work'])
})

test('a connection is named by its id alone, and only to its user', async () => {
  const [, second] = await connectTwo()
  const ben = await tributary.addUser('ben@example.org')
  const unknown = { status: 404, code: 'unknown-connection' }
  const { plugins, remaps } = tributary.engine
  for (const [userId, id] of [
    [ben.user.id, second],
    [ada.user.id, 'somewhere'],
    [ada.user.id, crypto.randomUUID()],
  ] as const) {
    await expect(plugins.get(userId, 'example', id)).rejects.toMatchObject(unknown)
    await expect(plugins.sync(userId, 'example', {}, id)).rejects.toMatchObject(unknown)
    await expect(plugins.change(userId, 'example', { enabled: false }, id)).rejects.toMatchObject(unknown)
    await expect(remaps.begin(userId, 'example', id)).rejects.toMatchObject(unknown)
    const options = { deleteData: true, connection: id }
    await expect(plugins.disconnect(userId, 'example', options)).rejects.toMatchObject(unknown)
  }
  await expect(connect('work', second, ben)).rejects.toMatchObject(unknown)
})

test('a name is given, shown and taken back', async () => {
  const [, second] = await connectTwo()
  const { plugins } = tributary.engine
  expect(await plugins.change(ada.user.id, 'example', { name: ' Work ' }, second)).toMatchObject({
    name: 'Work',
  })
  expect((await status()).connections.map(({ name }) => name)).toEqual(['Account 1', 'Work'])
  expect(await plugins.change(ada.user.id, 'example', { name: '' }, second)).toMatchObject({ name: null })
})
