import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listen } from './listen.ts'

const opened: { server: Server; sockets: Socket[] }[] = []

afterEach(async () => {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
})

/** A server that counts the bytes of its requests, and a client that has begun one without ending it. */
async function beginRequest(idleMs: number) {
  let received = 0
  const server = await listen(
    (request) => request.on('data', (chunk: Buffer) => (received += chunk.length)).on('error', () => {}),
    { port: 0, host: '127.0.0.1' },
    { idleMs },
  )
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  opened.push({ server, sockets: [socket] })
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n')
  return { server, socket, received: () => received }
}

test('a request that goes silent is cut', async () => {
  const { socket } = await beginRequest(50)
  await once(socket, 'close')
})

test('a request whose bytes keep coming has no limit of time', async () => {
  const { server, socket, received } = await beginRequest(60_000)
  expect(server.requestTimeout).toBe(0)
  for (let sent = 1; sent <= 10; sent++) {
    socket.write('x')
    await expect.poll(received).toBe(sent)
  }
})
