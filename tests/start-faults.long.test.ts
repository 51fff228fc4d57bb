import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, runCommand } from './harness/start-app.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-faults-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a start that fails prints, but for log lines, and its exit code. `shell`: what starts it, see `runCommand`. */
async function failing(environment: Record<string, string>, shell?: string[]) {
  const settings = { TRIBUTARY_DATA_DIR: folder, PORT: String(await freePort()), ...environment }
  const command = runCommand('start', settings, shell)
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

test('a public address without its scheme is one sentence that shows what it looks like', async () => {
  const { code, lines } = await failing({ PUBLIC_URL: 'hub.example' })
  expect(code).toBe(1)
  expect(lines).toEqual([
    expect.stringMatching(/PUBLIC_URL must be .* such as https:\/\/tributary\.example\.$/),
  ])
})

test('a wrong key is one sentence that names the key, and exit code 1', async () => {
  const first = runCommand('start', { TRIBUTARY_DATA_DIR: folder, PORT: String(await freePort()) })
  await first.until(/Tributary is at/)
  await first.stop()
  const { code, lines } = await failing({ TRIBUTARY_KEYS: randomBytes(32).toString('base64') })
  expect(code).toBe(1)
  expect(lines).toEqual([expect.stringMatching(/^The database holds secrets sealed by key [0-9a-f]{8}, /)])
})

const unreachable = 'postgres://nobody@127.0.0.1:1/none'

/** Starts it where the data folder is a small disk of its own, prepared by a line of shell. */
const onSmallDisk = (prepare: string) => [
  ...['unshare', process.getuid?.() === 0 ? '-m' : '-rm', 'sh', '-c'],
  `mount -t tmpfs -o size=3m,mode=755 none "$TRIBUTARY_DATA_DIR" && ${prepare} && exec "$0" "$@"`,
]
const makeKeys = 'head -c 32 /dev/urandom | base64 > "$TRIBUTARY_DATA_DIR/keys"'
const fill = '{ dd if=/dev/zero of="$TRIBUTARY_DATA_DIR/filler" bs=4k 2>/dev/null || true; }'
const makeReadOnly = 'mount -o remount,ro "$TRIBUTARY_DATA_DIR"'
const full =
  /^The disk of \S+ is full: make room and start again, or set TRIBUTARY_DATA_DIR to another folder\.$/
const readOnly = /^The disk of \S+ cannot be written to: make it writable, or /

describe.skipIf(spawnSync('unshare', ['-rm', 'true']).status !== 0)('a start on a small disk', () => {
  test.each([
    ['that is full names the disk', fill, full],
    ['that cannot be written to names the disk', makeReadOnly, readOnly],
    ['that is full, beside the keys, names the disk', `${makeKeys} && ${fill}`, full],
    [
      'that cannot be written to, beside the keys, names the disk',
      `${makeKeys} && ${makeReadOnly}`,
      readOnly,
    ],
  ])('%s', async (_, prepare, sentence) => {
    const { code, lines } = await failing({ DATABASE_URL: unreachable }, onSmallDisk(prepare))
    expect(lines).toEqual([expect.stringMatching(sentence)])
    expect(code).toBe(1)
  })

  test('needs no room where everything is there already', async () => {
    const lab = 'mkdir "$TRIBUTARY_DATA_DIR/lab" && echo key > "$TRIBUTARY_DATA_DIR/lab/key"'
    const prepare = [makeKeys, lab, fill, makeReadOnly].join(' && ')
    const { lines } = await failing({ DATABASE_URL: unreachable }, onSmallDisk(prepare))
    expect(lines).toEqual([expect.stringMatching(/^The database cannot be reached: /)])
  })

  test('names the disk where there is no room for the embedded database', async () => {
    const { code, lines } = await failing({}, onSmallDisk('true'))
    expect(lines).toEqual([expect.stringMatching(full)])
    expect(code).toBe(1)
  })
})

test.each([24, 32])('a start that may open only %d files says which limit to raise', async (most) => {
  const { code, lines } = await failing({}, ['sh', '-c', `ulimit -n ${most} && exec "$0" "$@"`])
  expect(lines).toEqual([
    expect.stringMatching(/^Tributary may open too few files at once: raise the limit /),
  ])
  expect(code).toBe(1)
})

test('a data folder that cannot be made is one sentence and exit code 1', async () => {
  const { code, lines } = await failing({ TRIBUTARY_DATA_DIR: join('/dev/null', 'data') })
  expect(lines).toEqual([expect.stringMatching(/cannot be a folder, because a file is in its way/)])
  expect(code).toBe(1)
})
