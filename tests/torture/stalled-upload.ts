import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { HttpUser } from '../harness/http-user.ts'
import type { Scenario } from './scenario.ts'

const limitMs = 25_000
const boundary = 'border'

/** Tells the application to end while an upload stalls, clients do not read what they requested, and imports run. */
export function stalledUpload({ readers }: { readers: number }): Scenario {
  return {
    database: 'embedded',
    async inflict({ hub, ada, prober, startImports, faults, factor }) {
      await startImports()
      const sockets = [await beginUpload(hub.url, ada)]
      for (let reader = 0; reader < readers; reader++) sockets.push(await requestAndReadNothing(hub.url, ada))
      await prober.pause()
      const ms = Math.round(await hub.end('SIGTERM'))
      for (const socket of sockets) socket.destroy()
      await hub.start()
      prober.resume()
      if (ms > limitMs * factor) faults.push(`it ended only ${ms} ms after SIGTERM`)
      const { uploads } = await ada.json<{ uploads: unknown[] }>('GET', '/api/plugins/csv/uploads')
      if (uploads.length > 0) faults.push('the half-received upload is still listed')
      return `SIGTERM with a stalled upload and ${readers} clients that do not read: ended after ${ms} ms`
    },
  }
}

/** Sends the first part of a large file and no more. */
async function beginUpload(url: string, user: HttpUser): Promise<Socket> {
  const socket = await openSocket(url)
  const start =
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="stalled.csv"\r\n\r\n` +
    `date,v\n${'2026-11-01,1\n'.repeat(50_000)}`
  socket.write(
    head(url, user, 'POST /api/plugins/csv/upload', [
      `Origin: ${url}`,
      `Content-Type: multipart/form-data; boundary=${boundary}`,
      'Content-Length: 1000000000',
    ]),
  )
  await new Promise((sent) => socket.write(start, sent))
  return socket
}

/** Requests much and reads nothing of it. */
async function requestAndReadNothing(url: string, user: HttpUser): Promise<Socket> {
  const socket = await openSocket(url)
  socket.pause()
  socket.write(head(url, user, 'GET /api/account/export', []))
  return socket
}

async function openSocket(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const head = (url: string, user: HttpUser, request: string, more: string[]) =>
  [`${request} HTTP/1.1`, `Host: ${new URL(url).host}`, `Cookie: ${user.cookie()}`, ...more, '', ''].join(
    '\r\n',
  )
