import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Compared, compareWithTruth, sources } from './compare-with-truth.ts'
import type { HttpUser } from '../harness/http-user.ts'
import { createHub, type Hub } from './hub.ts'
import { openOutsideDatabase } from './outside-database.ts'
import { type Probed, startProber } from './prober.ts'
import type { Scenario } from './scenario.ts'
import { admin, connectSources, importDays, signUpUsers, waitForJobs } from './users.ts'

/** What became of one scenario. */
export interface Outcome {
  /** What was done, in numbers. */
  done: string
  others: Probed
  compared: Compared
  /** Why it failed, as sentences; none: it passed. */
  faults: string[]
  /** The load average of the machine at the end. */
  load: number
}

const usualMs = 2_000

export interface RunOptions {
  /** Multiplies every allowed duration; default 1. */
  factor?: number
  /** So many days before today are imported and compared; default 120. */
  historyDays?: number
  /** Aborted: the scenario is given up. */
  signal?: AbortSignal
}

/** Plays a scenario on an installation of its own and removes everything. */
export async function runScenario(
  scenario: Scenario,
  { factor = 1, historyDays = 120, signal = new AbortController().signal }: RunOptions = {},
): Promise<Outcome> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  const cleanUps: (() => Promise<unknown>)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-torture-'))
    cleanUps.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
    // As root, PostgreSQL runs as another user.
    await chmod(folder, 0o711)
    const dataDir = join(folder, 'data')
    const undo = await scenario.prepareFolder?.(dataDir)
    if (undo) cleanUps.push(undo)
    const database = await openOutsideDatabase(scenario.database, folder)
    cleanUps.push(() => database.close())
    const hub = await createHub({
      workers: scenario.workers,
      environment: {
        TRIBUTARY_DATA_DIR: dataDir,
        TRIBUTARY_SIMULATE: 'all',
        TRIBUTARY_ADMIN_EMAIL: admin.email,
        TRIBUTARY_ADMIN_PASSWORD: admin.password,
        ...database.settings,
        ...scenario.environment?.(folder),
      },
    })
    cleanUps.push(() => hub.end('SIGTERM'))
    return await Promise.race([play(scenario, { hub, folder, database, factor, historyDays }), aborted])
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  }
}

interface Ground {
  hub: Hub
  folder: string
  database: Awaited<ReturnType<typeof openOutsideDatabase>>
  factor: number
  historyDays: number
}

async function play(
  scenario: Scenario,
  { hub, folder, database, factor, historyDays }: Ground,
): Promise<Outcome> {
  await hub.start()
  const { ada, ben } = await signUpUsers(hub.url)
  const names = sources.map(({ source }) => source)
  await connectSources(ben, names.slice(0, 1), historyDays)
  const faults: string[] = []
  const prober = startProber(hub.url, ben)
  let done = ''
  try {
    done = await scenario.inflict({
      hub,
      folder,
      ada,
      ben,
      prober,
      faults,
      factor,
      proxy: database.proxy,
      query: database.query,
      startImports: () => connectSources(ada, names, historyDays),
      importAgain: (source) => importDays(ada, source, historyDays),
      settled: () => waitForJobs(ada),
    })
  } catch (error) {
    faults.push((error as Error).message)
  }
  const compared = await settle(hub, ada, historyDays - 1).catch((error: Error) => {
    faults.push(error.message)
    return { values: 0, wrong: [] }
  })
  const others = await prober.stop()
  faults.push(...hub.ownEnds(), ...judgeOthers(others, scenario, factor))
  if (compared.wrong.length > 0) faults.push(`wrong values: ${compared.wrong.slice(0, 5).join('; ')}`)
  return { done, others, compared, faults, load: loadavg()[0] ?? 0 }
}

async function settle(hub: Hub, ada: HttpUser, days: number): Promise<Compared> {
  await waitForJobs(ada)
  return compareWithTruth(hub.url, ada, days)
}

/** What other users may not have met. */
function judgeOthers(others: Probed, scenario: Scenario, factor: number): string[] {
  const faults: string[] = []
  const outageMs = scenario.longestOutageMs ?? usualMs
  if (others.slowestMs > usualMs * factor)
    faults.push(
      `the slowest response to others took ${Math.round(others.slowestMs)} ms (${others.slowestPath})`,
    )
  if (others.longestOutageMs > outageMs * factor)
    faults.push(`others had no pages for ${Math.round(others.longestOutageMs)} ms`)
  if (others.signedOut > 0 && !scenario.endsSessions)
    faults.push(`others were signed out (${others.signedOut} responses)`)
  if (others.failed.length > 0)
    faults.push(`requests of others failed: ${others.failed.length}, such as ${others.failed[0]}`)
  return faults
}
