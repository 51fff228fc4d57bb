import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort, runCommand } from './harness/start-app.ts'

let folder: string
let port: number
let app: ReturnType<typeof runCommand>
let sockets: Socket[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-end-'))
  port = await freePort()
  sockets = []
  app = start()
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  app.kill()
  await app.exited
  const server = await postmaster()
  if (server !== undefined && isRunning(server)) process.kill(server, 'SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

function start() {
  return runCommand('start', {
    PORT: String(port),
    TRIBUTARY_DATA_DIR: folder,
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: 'a long password',
  })
}

const url = (path: string) => `http://127.0.0.1:${port}${path}`
const status = (path: string) =>
  fetch(url(path)).then(
    (response) => response.status,
    () => undefined,
  )

/** The process number of the embedded PostgreSQL, once it has one. */
async function postmaster(): Promise<number | undefined> {
  const text = await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8').catch(() => '')
  return Number(text.split('\n')[0]) || undefined
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function running(): Promise<number> {
  await app.until(/Tributary is at/)
  return (await postmaster())!
}

function listens(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}

/** A client that begins a request and sends no more of it. */
async function stall(): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(
    `POST /api/auth/sign-in/email HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\norigin: http://localhost:${port}\r\n` +
      'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
  )
  // A request that came after it is answered, so that this one has arrived.
  await fetch(url('/healthz'))
}

test('SIGTERM ends everything though a client never finishes its request', async () => {
  const server = await running()
  await stall()
  app.signal('SIGTERM')
  expect(await app.exited).toBe(0)
  expect(isRunning(server)).toBe(false)
})

test('a second SIGTERM ends the process at once, and PostgreSQL with it', async () => {
  const server = await running()
  await stall()
  app.signal('SIGTERM')
  await expect.poll(listens, { interval: 20 }).toBe(false)
  app.signal('SIGTERM')
  expect(await app.exited).toBe(1)
  await expect.poll(() => isRunning(server)).toBe(false)
})

test('SIGTERM during a start leaves no PostgreSQL behind', async () => {
  await expect.poll(postmaster, { interval: 5 }).toBeDefined()
  const server = (await postmaster())!
  app.signal('SIGTERM')
  expect(await app.exited).toBe(0)
  await expect.poll(() => isRunning(server)).toBe(false)
  app = start()
  await app.until(/Tributary is at/)
})

test('a process that says it is ready signs its first admin in', async () => {
  await expect.poll(() => status('/readyz'), { interval: 5 }).toBe(200)
  const response = await fetch(url('/api/auth/sign-in/email'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://localhost:${port}` },
    body: JSON.stringify({ email: 'ada@example.org', password: 'a long password' }),
  })
  expect(response.status).toBe(200)
})

test('a database that ended is named by the checks of health, and starts again when its disk has room', async () => {
  const server = await running()
  const full = join(folder, 'postgres/postmaster.opts')
  await rm(full)
  await symlink('/dev/full', full)
  process.kill(server, 'SIGKILL')
  await app.until(/The disk of .* is full/)
  expect([await status('/healthz'), await status('/readyz')]).toEqual([503, 503])
  await rm(full)
  await expect.poll(() => status('/healthz')).toBe(200)
  expect(await status('/readyz')).toBe(200)
})

test('a database that cannot be started again ends the process with one sentence', async () => {
  const server = await running()
  await writeFile(join(folder, 'postgres/postgresql.conf'), "max_connections = 'many'\n")
  process.kill(server, 'SIGKILL')
  expect(await app.exited).toBe(1)
  const lines = app.output().trim().split('\n')
  expect(lines.at(-1)).toMatch(/^PostgreSQL ended and does not start again\. /)
})
