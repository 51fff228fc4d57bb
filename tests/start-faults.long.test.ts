import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort, runCommand } from './harness/start-app.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-faults-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a start that fails prints, but for log lines, and its exit code. */
async function failing(environment: Record<string, string>) {
  const command = runCommand('start', {
    TRIBUTARY_DATA_DIR: folder,
    PORT: String(await freePort()),
    ...environment,
  })
  const code = await command.exited
  const lines = command
    .output()
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{'))
  return { code, lines }
}

test('a taken port is one sentence and exit code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  expect(await failing({ PORT: String(port) })).toEqual({
    code: 1,
    lines: [`Port ${port} is taken by another program; set PORT to a free one.`],
  })
  server.close()
})

test('a database that cannot be reached is one sentence and exit code 1', async () => {
  const { code, lines } = await failing({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  expect(code).toBe(1)
  expect(lines).toEqual([expect.stringMatching(/^The database cannot be reached: .*\.$/)])
})

test('invalid settings are one sentence with all of them and exit code 1', async () => {
  const { code, lines } = await failing({
    PORT: 'x',
    TRIBUTARY_SIMULATE: 'Fit bit',
    TRIBUTARY_ADMIN_EMAIL: 'nobody',
  })
  expect(code).toBe(1)
  expect(lines).toHaveLength(1)
  for (const name of ['PORT', 'TRIBUTARY_SIMULATE', 'TRIBUTARY_ADMIN_EMAIL']) expect(lines[0]).toContain(name)
})

test('a wrong key is one sentence that names the key, and exit code 1', async () => {
  const first = runCommand('start', { TRIBUTARY_DATA_DIR: folder, PORT: String(await freePort()) })
  await first.until(/Tributary is at/)
  await first.stop()
  const { code, lines } = await failing({ TRIBUTARY_KEYS: randomBytes(32).toString('base64') })
  expect(code).toBe(1)
  expect(lines).toEqual([expect.stringMatching(/^The database holds secrets sealed by key [0-9a-f]{8}, /)])
})
