import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts'

const asRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }
const module = new URL('./start-embedded-postgres.ts', import.meta.url).href

let told: string[] = []
let gone: string[] = []
const log = {
  info: (text: string) => void told.push(text),
  warn: (text: string) => void told.push(text),
  error: (text: string) => void told.push(text),
}
const running = new Set<EmbeddedPostgres>()
const children = new Set<ChildProcess>()
const folders = new Set<string>()
let dataDir: string

beforeAll(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))))
beforeEach(() => {
  told = []
  gone = []
})
afterEach(async () => {
  for (const server of running) await server.stop()
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) await rm(folder, { recursive: true })
  for (const used of [running, children, folders]) used.clear()
})
afterAll(() => rm(dataDir, { recursive: true }))

async function start(folder = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    log,
    durable: false,
    onGone: ({ message }) => gone.push(message),
  })
  running.add(server)
  return server
}

/** Starts it in a process of its own, which we can kill, and waits for its address. */
async function startElsewhere(folder = dataDir, account = {}): Promise<{ child: ChildProcess; url: string }> {
  const program = `
    import { startEmbeddedPostgres } from '${module}'
    const log = { info() {}, warn() {}, error() {} }
    try {
      const server = await startEmbeddedPostgres({ dataDir: '${folder}', log, durable: false })
      process.once('SIGTERM', () => server.stop())
      process.once('SIGUSR2', () => process.exit(3))
      console.log(server.url)
    } catch (error) {
      console.log(error.message)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { HOME: tmpdir() },
    ...account,
  })
  children.add(child)
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, url: line.toString().trim() }
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>({ text: sql })
    return Object.values(rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

const readPid = async () =>
  Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function becomesTrue(question: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(question, { interval: 20 }).toBe(true)
}

const answers = (url: string) =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  )

/** Has the server meet a full disk at its next start; returns the path whose removal makes room. */
async function fillDisk(): Promise<string> {
  const path = join(dataDir, 'postgres/postmaster.opts')
  await rm(path)
  await symlink('/dev/full', path)
  return path
}

describe('a database of our own', () => {
  test('is PostgreSQL 18 in UTF8 and UTC, behind a password that only we can read', async () => {
    const { url } = await start()
    expect(await query(url, 'show server_version_num')).toMatch(/^18/)
    expect(await query(url, 'select current_database()')).toBe('tributary')
    expect(await query(url, 'show server_encoding')).toBe('UTF8')
    expect(await query(url, 'select datlocale from pg_database where datname = current_database()')).toBe(
      'C.UTF-8',
    )
    expect(await query(url, 'show timezone')).toBe('UTC')
    expect(await query(url, 'show listen_addresses')).toBe('127.0.0.1')
    expect(await query(url, 'show shared_buffers')).toBe('256MB')
    expect(await query(url, "select left(rolpassword, 13) from pg_authid where rolname = 'postgres'")).toBe(
      'SCRAM-SHA-256',
    )
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    )
    for (const file of ['postgres-password', 'postgres.log', 'postgres.lock']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600)
    }
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('ready to accept connections')
  })

  test('keeps its data and its password when it stops and starts', async () => {
    const first = await start()
    await query(first.url, 'create table kept as select 42 as answer')
    await Promise.all([first.stop(), first.stop()])
    await expect(query(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
    const second = await start()
    expect(await query(second.url, 'select answer from kept')).toBe(42)
    expect(new URL(second.url).password).toBe(new URL(first.url).password)
    expect(told).toEqual([])
  })

  test('gets a new password when the old one was lost', async () => {
    await rm(join(dataDir, 'postgres-password'))
    expect(await query((await start()).url, 'select answer from kept')).toBe(42)
  })

  test('empties a large log when it starts', async () => {
    await truncate(join(dataDir, 'postgres.log'), 11 * 1024 * 1024)
    await start()
    expect((await stat(join(dataDir, 'postgres.log'))).size).toBeLessThan(100_000)
  })

  test.each(['SIGQUIT', 'SIGKILL'] as const)(
    'is started again when the server is ended by %s',
    async (how) => {
      const { url } = await start()
      const ended = await readPid()
      process.kill(ended, how)
      // The server may answer a moment before this is logged.
      await becomesTrue(() => told.at(-1) === 'PostgreSQL runs again.')
      expect(await answers(url)).toBe(true)
      expect(told[0]).toMatch(/^PostgreSQL ended by itself \(.+\)\. It is started again\.$/)
      expect(await readPid()).not.toBe(ended)
    },
  )

  test('names a full disk as what keeps it from starting, and starts when there is room', async () => {
    const { url } = await start()
    const full = await fillDisk()
    process.kill(await readPid(), 'SIGKILL')
    await becomesTrue(() => told.some((text) => /^The disk of .* is full\./.test(text)))
    await rm(full)
    await becomesTrue(() => answers(url))
    expect(gone).toEqual([])
  })

  test('says by one sentence that it cannot be started again', async () => {
    const server = await start()
    const path = join(dataDir, 'postgres/postgresql.conf')
    const settings = await readFile(path, 'utf8')
    await writeFile(path, settings + "\nmax_connections = 'many'\n")
    process.kill(await readPid(), 'SIGKILL')
    await becomesTrue(() => gone.length > 0)
    expect(gone).toEqual([
      expect.stringMatching(
        /^PostgreSQL ended and does not start again\. PostgreSQL could not start \(.+\): see .+\.$/,
      ),
    ])
    await server.stop()
    await writeFile(path, settings)
  })

  test('stops in time while it recovers from a killed backend, and starts again', async () => {
    for (let kills = 0; kills < 3; kills++) {
      const server = await start()
      expect(await query(server.url, 'select answer from kept')).toBe(42)
      const client = new pg.Client({ connectionString: server.url })
      client.on('error', () => {})
      await client.connect()
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const ended = new Promise((resolve) => client.once('end', resolve))
      process.kill(rows[0]!.pid, 'SIGKILL')
      await ended
      await server.stop()
    }
  })

  test('gives PostgreSQL’s own reason when it cannot start, and lets the folder go', async () => {
    const path = join(dataDir, 'postgres/postgresql.conf')
    const settings = await readFile(path, 'utf8')
    await writeFile(path, settings + "\nmax_connections = 'many'\n")
    await expect(start()).rejects.toThrow(
      /^PostgreSQL could not start \(.*postgresql\.conf.*\): see .*postgres\.log\.$/,
    )
    await writeFile(path, settings)
    await start()
  })
})

describe('a folder with a past', () => {
  test('is refused by one sentence while another Tributary uses it', async () => {
    const other = await startElsewhere()
    await expect(start()).rejects.toThrow(
      new RegExp(
        `^The data folder ${dataDir} is in use by another Tributary \\(process ${other.child.pid} on `,
      ),
    )
    expect(await query(other.url, 'select 1')).toBe(1)
    other.child.kill('SIGTERM')
    await once(other.child, 'exit')
    await start()
  })

  test('gets its orphaned server stopped when its Tributary was killed', async () => {
    await truncate(join(dataDir, 'postgres.log'))
    const killed = await startElsewhere()
    await query(killed.url, 'create table written as select 7 as seven')
    const orphan = await readPid()
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    expect(isRunning(orphan)).toBe(true)
    const { url } = await start()
    expect(await readPid()).not.toBe(orphan)
    expect(told.join()).toContain(`process ${orphan}): stopping that one first`)
    expect(await query(url, 'select seven from written')).toBe(7)
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(
      'automatic recovery in progress',
    )
  })

  test('survives that everything was killed', async () => {
    const killed = await startElsewhere()
    const server = await readPid()
    killed.child.kill('SIGKILL')
    process.kill(server, 'SIGKILL')
    await once(killed.child, 'exit')
    expect(await query((await start()).url, 'select answer from kept')).toBe(42)
  })

  test('waits until a killed server’s last query has come to its end', async () => {
    const server = await start()
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => {})
    await client.connect()
    client.query('select sum(sqrt(n)) from generate_series(1, 4e6) n').catch(() => {})
    const active =
      "select count(*)::int from pg_stat_activity where state = 'active' and query like '%generate%'"
    await becomesTrue(async () => (await query(server.url, active)) === 2)
    process.kill(await readPid(), 'SIGKILL')
    await server.stop()
    expect(await query((await start()).url, 'select answer from kept')).toBe(42)
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain(
      'pre-existing shared memory block',
    )
  })

  test('survives a left process number that now belongs to another program', async () => {
    await (await start()).stop()
    const path = join(dataDir, 'postgres/postmaster.pid')
    await writeFile(path, `${process.pid}\n${join(dataDir, 'postgres')}\n0\n0\n\n\n\nready\n`)
    expect(await query((await start()).url, 'select answer from kept')).toBe(42)
  })

  test('loses its server when its Tributary ends by itself', async () => {
    const { child } = await startElsewhere()
    const server = await readPid()
    child.kill('SIGUSR2')
    await once(child, 'exit')
    await becomesTrue(async () => !(await readPid().catch(() => false)) || !isRunning(server))
  })
})

describe.runIf(asRoot)('as root', () => {
  let parent: string
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tributary-parent-'))
    folders.add(parent)
  })

  test('a folder under one that PostgreSQL cannot enter is refused by naming that one', async () => {
    const folder = join(parent, 'clone', 'data')
    await expect(start(folder)).rejects.toThrow(
      new RegExp(`cannot enter ${parent} on its way to the data folder ${folder}: set TRIBUTARY_DATA_DIR`),
    )
    await expect(stat(join(parent, 'clone'))).rejects.toThrow('ENOENT')
  })

  test('the data folder itself is made enterable and nothing in it is opened', async () => {
    await chmod(parent, 0o755)
    const folder = join(parent, 'data')
    await mkdir(folder, { mode: 0o700 })
    await writeFile(join(folder, 'secret'), 'x', { mode: 0o600 })
    await start(folder)
    expect((await stat(folder)).mode & 0o777).toBe(0o711)
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600)
    expect(told).toEqual([expect.stringContaining(`Made ${folder} enterable`)])
  })

  test('an ordinary user starts it too; root then serves it as that user', async () => {
    await chown(parent, nobody.uid, nobody.gid)
    const folder = join(parent, 'data')
    const ordinary = await startElsewhere(folder, nobody)
    await query(ordinary.url, 'create table kept as select 42 as answer')
    ordinary.child.kill('SIGTERM')
    await once(ordinary.child, 'exit')
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(await query((await start(folder)).url, 'select answer from kept')).toBe(42)
    expect((await stat(join(folder, 'postgres'))).uid).toBe(nobody.uid)
  })

  test('an ordinary user is told whose database it is', async () => {
    await chmod(parent, 0o755)
    const folder = join(parent, 'postgres')
    await mkdir(folder)
    expect((await startElsewhere(parent, nobody)).url).toMatch(
      /belongs to the user with number 0, not to yours/,
    )
    await rm(folder, { recursive: true })
    expect((await startElsewhere(parent, nobody)).url).toMatch(/may not read or write .*TRIBUTARY_DATA_DIR/)
  })
})
