import { randomBytes } from 'node:crypto'
import type { BaseIntegrationHandler, DataImportPlugin } from '@tributary/plugin-sdk'
import { type LabOptions, memoryStore, type RunningLab, startLab } from '@tributary/provider-lab'
import { createEngine, type EngineOptions, type RunningEngine } from '../create-engine.ts'
import type { Job, SignedIn } from '../contract/engine.ts'
import { createLog, type Log } from '../runtime/log.ts'
import { type KeyRing, parseKeyRing } from '../secrets/key-ring.ts'
import { readSettings } from '../configuration/settings.ts'
import type { Simulation } from '../sources/source-settings.ts'
import type { Worker, WorkerOptions } from '../worker/worker.ts'
import { findCanary } from './canaries.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

export { createTestClock, type TestClock }

/** An engine on a database of its own, beside simulated providers on a port of their own. */
export interface TestEngine {
  engine: RunningEngine
  database: TestDatabase
  lab: RunningLab
  clock: TestClock
  /** The key ring, as TRIBUTARY_KEYS takes it. */
  keys: string
  /** Makes a user who is signed in, in the simulated person's zone unless another one is given. */
  addUser(email: string, role?: 'user' | 'admin', timeZone?: string): Promise<SignedIn>
  /** Goes the whole way of consent, as a browser would. */
  connect(signedIn: SignedIn, source: string, options?: { scopes?: string[] }): Promise<void>
  startWorker(options?: WorkerOptions): Worker
  /** Resolves when no job is queued, waiting for a worker or running. */
  settled(): Promise<void>
  /** Asks for an import as a person does, and gives its job as it is when nothing is at work any more. */
  sync(signedIn: SignedIn, source: string, days?: { startDate?: string; endDate?: string }): Promise<Job>
  /** Ends it, and fails where a secret stands in its log or in the database in plain. */
  close(): Promise<void>
}

export interface TestEngineOptions {
  plugins: Iterable<BaseIntegrationHandler | DataImportPlugin>
  now?: string
  /** In place of one that begins at `now`. */
  clock?: TestClock
  /** Where sources are simulated in place of the lab. */
  simulation?: Simulation
  environment?: Record<string, string>
  database?: TestDatabase
  /** The key ring of another engine on the same database. */
  keys?: string
  /** Further ids under which a simulated provider serves. */
  aliases?: Record<string, string>
  /** Requests that a simulated provider allows in its window; the real number unless given. */
  requestLimits?: Record<string, number>
  outgoing?: EngineOptions['outgoing']
  databaseLimits?: EngineOptions['databaseLimits']
  /** What is set for single simulated providers: `{ 'your-plugin': { testing: true } }`. */
  labOptions?: NonNullable<LabOptions['options']>
  /** Another engine, whose database, clock and simulated providers this one works with, as a second process would. */
  beside?: TestEngine
  /** In place of one made for this engine. */
  keyRing?: KeyRing
  /** In place of one that is searched for secrets and kept nowhere. */
  log?: Log
}

/** Where a browser would find the installation. */
export const publicUrl = 'http://localhost:5173'

function startTestLab(
  { aliases, requestLimits, labOptions }: TestEngineOptions,
  clock: TestClock,
): Promise<RunningLab> {
  return startLab({
    store: memoryStore(),
    clock: () => clock.now(),
    ...(aliases ? { aliases } : {}),
    ...(requestLimits ? { requestLimits } : {}),
    ...(labOptions ? { options: labOptions } : {}),
    redirectUri: (source) => `${publicUrl}/api/plugins/${source}/callback`,
  })
}

export async function createTestEngine(options: TestEngineOptions): Promise<TestEngine> {
  const { beside } = options
  const keys = beside?.keys ?? randomBytes(32).toString('base64')
  const clock = beside?.clock ?? options.clock ?? createTestClock(options.now ?? '2026-11-20T12:00:00Z')
  const database = beside?.database ?? options.database ?? (await createTestDatabase())
  const lab = beside?.lab ?? (await startTestLab(options, clock))
  const leaks: string[] = []
  const searchLine = (line: string) => {
    if (findCanary(line)) leaks.push(line)
  }
  const engine = await createEngine({
    settings: readSettings({ TRIBUTARY_SIMULATE: 'all', PUBLIC_URL: publicUrl, ...options.environment }),
    databaseUrl: database.url,
    keys: options.keyRing ?? parseKeyRing(keys),
    plugins: [...options.plugins].map((plugin) => ({ plugin, file: 'a test' })),
    log: options.log ?? createLog('trace', { write: searchLine }),
    clock,
    ...(options.outgoing ? { outgoing: options.outgoing } : {}),
    databaseLimits: options.databaseLimits,
    simulation: options.simulation ?? {
      sources: lab.lab.sources,
      zone: lab.lab.zone,
      client: (source) => lab.lab.client(source),
      url: lab.url,
      publicUrl: lab.url,
      keepsLimits: true,
    },
  })
  const workers: Worker[] = []

  async function addUser(
    email: string,
    role: 'user' | 'admin' = 'user',
    timeZone = lab.lab.zone,
  ): Promise<SignedIn> {
    const [user] = await database.query<{ id: string; name: string }>(
      `insert into tributary.users (name, email, role, time_zone) values ($1, $1, $2, $3) returning id, name`,
      [email, role, timeZone],
    )
    if (!user) throw new Error('no user was made')
    const [session] = await database.query<{ id: string }>(
      `insert into tributary.sessions (user_id, token, expires_at) values ($1, $2, 'infinity') returning id`,
      [user.id, randomBytes(16).toString('hex')],
    )
    return {
      user: { id: user.id, name: user.name, email, role, timeZone },
      sessionId: session?.id ?? '',
    }
  }

  async function settled(): Promise<void> {
    for (;;) {
      const [row] = await database.query<{ open: number }>(
        `select count(*)::integer as open from tributary.import_jobs
         where status = 'running' or (status in ('queued', 'waiting', 'retrying') and run_after <= $1)`,
        [clock.now().toString()],
      )
      if (row?.open === 0) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  return {
    engine,
    database,
    lab,
    clock,
    keys,
    addUser,
    async connect(signedIn, source, { scopes } = {}) {
      const address = await engine.plugins.startAuthorization(signedIn, source)
      const callback = await consent(address, scopes)
      await engine.plugins.finishAuthorization(signedIn, source, callback)
    },
    startWorker(workerOptions) {
      const worker = engine.startWorker({ sweepMs: 200, ...workerOptions })
      workers.push(worker)
      return worker
    },
    settled,
    async sync({ user }, source, days = {}) {
      const { id } = await engine.plugins.sync(user.id, source, days)
      await settled()
      return engine.jobs.get(user.id, id)
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await engine.close()
      if (!beside) {
        await lab.close()
        await database.drop()
      }
      if (leaks.length > 0) throw new Error(`a secret stands in the log in plain:\n${leaks.join('')}`)
    },
  }
}

/** Allows the access on a simulated provider's consent page and gives what it answers to the callback. */
export async function consent(address: URL, scopes?: string[]): Promise<URLSearchParams> {
  const form = new URLSearchParams({ decision: 'allow' })
  for (const scope of scopes ?? (address.searchParams.get('scope') ?? '').split(' '))
    form.append('scope', scope)
  const response = await fetch(address, { method: 'POST', body: form, redirect: 'manual' })
  const location = response.headers.get('location')
  if (!location) throw new Error(`no consent: ${response.status} ${await response.text()}`)
  return new URL(location).searchParams
}
