import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakRequest, type BrokenRequest } from './harness/broken-request.ts'
import type { HttpUser } from './harness/http-user.ts'
import { createRandom } from './harness/random.ts'
import { routeTable } from './harness/route-table.ts'
import type { App } from './harness/start-app.ts'
import { startAppWithAdmin } from './harness/start-app-with-admin.ts'

let app: App
let ada: HttpUser
let stop: () => Promise<void>

beforeAll(async () => {
  ;({ app, admin: ada, stop } = await startAppWithAdmin({ TRIBUTARY_LOG_LEVEL: 'warn' }))
})

afterAll(() => stop())

const leastTries = 10_000
const atOnce = 8

/** The status of the response, or `undefined` where the server closed the connection without one. */
async function send({ bytes, complete }: BrokenRequest): Promise<number | undefined> {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  let response = ''
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    response += chunk.toString('latin1', 0, 20)
    // Events and exports go on for as long as somebody reads them.
    socket.destroy()
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  if (complete) socket.write(bytes)
  else socket.end(bytes)
  await closed
  return response === '' ? undefined : Number(response.split(' ')[1])
}

test('no broken request to any route is a fault of the server, and none ends it', async () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
  const random = createRandom(seed)
  // Signing out ends the session that all others are sent with.
  const routes = Object.keys(routeTable).filter((route) => !route.endsWith('sign-out'))
  const perRoute = Math.ceil(leastTries / routes.length)
  const who = { cookie: ada.cookie(), host: new URL(app.url).host }
  const tries = routes.flatMap((route) =>
    Array.from({ length: perRoute }, () => ({ route, request: breakRequest(route, who, random) })),
  )
  const faults: string[] = []
  let answered = 0
  async function work(): Promise<void> {
    for (let next = tries.pop(); next; next = tries.pop()) {
      const status = await send(next.request)
      if (status !== undefined) answered += 1
      if (status !== undefined && status >= 500)
        faults.push(`${next.route}: ${status}: ${JSON.stringify(next.request.bytes.toString('latin1'))}`)
    }
  }
  const count = tries.length
  await Promise.all(Array.from({ length: atOnce }, work))
  console.log(
    `fuzz: ${routes.length} routes × ${perRoute} tries = ${count}, ${answered} answered, seed ${seed}`,
  )
  expect(faults.slice(0, 20)).toEqual([])
  expect(count).toBeGreaterThanOrEqual(leastTries)
  expect(answered).toBeGreaterThan(count / 2)
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  expect(app.output()).not.toMatch(/unhandled|uncaught/i)
}, 600_000)
