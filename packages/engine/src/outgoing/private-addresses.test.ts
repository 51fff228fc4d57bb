import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { createTestEngine } from '../testing/test-engine.ts'
import { isPublicAddress } from './guard-address.ts'
import { createOutgoing } from './outgoing.ts'

/** Of the public range, but given to nobody. */
const nowhere = '3ffe::1'

let server: TestServer
let port: string

beforeAll(async () => {
  server = await startServer((_, response) => response.end('{}'))
  port = server.host.split(':')[1] ?? ''
})

afterAll(() => server.close())

let connections: number
beforeEach(() => (connections = server.connections()))

/** Asks an address as it is written; one that is no address at all is refused as well. */
async function ask(written: string, options: Partial<Parameters<typeof createOutgoing>[0]> = {}) {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  const outgoing = createOutgoing({ privateHosts: [], limits: { connect: 300 }, resolve, ...options })
  return outgoing.send('Example', new URL(written))
}

test.each([
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7F.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '0x7f.1',
  '127.0.0.1.',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '%31%32%37.0.0.1',
  '１２７.０.０.１',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fe80::1%25lo]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd12:3456:789a::1]',
  '[ff02::1]',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.192',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  'public.example@127.0.0.1',
  'public.example:443@127.0.0.1',
])('%s is not asked', async (host) => {
  const refused = /private network|name or password|Invalid URL/
  await expect(ask(`https://${host}:${port}/`)).rejects.toThrow(refused)
  await expect(ask(`http://${host}:${port}/`)).rejects.toThrow(/without TLS|name or password|Invalid URL/)
  expect(server.connections()).toBe(connections)
})

test.each([
  ['127.0.0.1:PORT#@public.example'],
  ['127.0.0.1:PORT\\@public.example'],
  ['127.0.0.1:PORT/@public.example'],
  ['\t127.0.0.1:PORT'],
])('%j is not asked either', async (rest) => {
  await expect(ask(`https://${rest.replace('PORT', port)}`)).rejects.toMatchObject({ code: 'misconfigured' })
  expect(server.connections()).toBe(connections)
})

test.each([
  [['10.0.0.1']],
  [['127.0.0.1']],
  [[nowhere, '127.0.0.1']],
  [['::ffff:127.0.0.1']],
  [['fe80::1%lo']],
  [['no address']],
  [[]],
])('a name that leads to %j is not asked', async (addresses) => {
  const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  await expect(ask(`https://rebind.example:${port}/`, { resolve })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('private network'),
  })
  expect(server.connections()).toBe(connections)
})

test('a name that flips between the check and the connection turns nothing', async () => {
  const answers = [nowhere, '127.0.0.1', '127.0.0.1']
  let asked = 0
  const resolve = async () => {
    const address = answers[asked++] ?? '127.0.0.1'
    return [{ address, family: address.includes(':') ? 6 : 4 }]
  }
  const outgoing = createOutgoing({ privateHosts: [], limits: { connect: 300 }, resolve })
  const url = new URL(`https://rebind.example:${port}/`)
  await expect(outgoing.send('Example', url)).rejects.toThrow(/cannot be reached|in time/)
  expect(asked).toBe(1)
  await expect(outgoing.send('Example', url)).rejects.toThrow('private network')
  expect(server.connections()).toBe(connections)
})

test('a host that an admin allows is asked, with its port and without TLS, and no other is', async () => {
  const answer = await ask(`http://${server.host}/`, { privateHosts: [server.host] })
  expect(await answer.text()).toBe('{}')
  await expect(ask(`http://${server.host}/`, { privateHosts: ['127.0.0.1'] })).rejects.toMatchObject({
    code: 'misconfigured',
  })
  await expect(ask(`ftp://${server.host}/`, { privateHosts: [server.host] })).rejects.toThrow('without TLS')
})

test('a public host is asked by TLS alone', async () => {
  const resolve = async () => [{ address: nowhere, family: 6 }]
  await expect(ask('http://public.example/', { resolve })).rejects.toThrow('without TLS')
})

test.each(['8.8.8.8', '2606:4700:4700::1111', '64:ff9b::8.8.8.8'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test('the token address is asked by the same way', async () => {
  const tributary = await createTestEngine({
    plugins: [examplePlugin('example', {}, `https://rebind.example:${port}`)],
    environment: { EXAMPLE_CLIENT_ID: 'id', EXAMPLE_CLIENT_SECRET: 'secret' },
    outgoing: { resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
  })
  try {
    const ada: SignedIn = await tributary.addUser('ada@example.org')
    const address = await tributary.engine.plugins.startAuthorization(ada, 'example')
    const callback = new URLSearchParams({ code: 'x', state: address.searchParams.get('state') ?? '' })
    await expect(
      tributary.engine.plugins.finishAuthorization(ada, 'example', callback),
    ).rejects.toMatchObject({ code: 'provider-unavailable' })
    expect(server.connections()).toBe(connections)
  } finally {
    await tributary.close()
  }
})
