import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import type { WorkerProcessOptions } from '../testing/worker-process.ts'
import { readTruth } from '../testing/truth.ts'

let tributary: TestEngine
let ada: SignedIn
let child: ChildProcess | undefined

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(async () => {
  child?.kill('SIGKILL')
  await tributary.close()
})

test('a worker killed in the middle of an import leaves a job that another finishes, with the right values', async () => {
  const { lab, database, clock, keys, engine } = tributary
  await tributary.connect(ada, 'fitbit')
  lab.lab.faults.add({ source: 'fitbit', path: /sleep/, respond: 'hang' })
  const options: WorkerProcessOptions = {
    databaseUrl: database.url,
    keys,
    now: clock.now().toString(),
    labUrl: lab.url,
    client: lab.lab.client('fitbit'),
  }
  const script = fileURLToPath(new URL('../testing/worker-process.ts', import.meta.url))
  child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'inherit' })
  const isAsked = () => lab.lab.requests('fitbit').some(({ path }) => path.includes('/sleep/'))
  await expect.poll(isAsked).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const [job] = await engine.jobs.list(ada.user.id)
  expect(job).toMatchObject({ status: 'running' })

  tributary.startWorker({ leaseSeconds: 1 })
  const status = async () => (await engine.jobs.get(ada.user.id, job?.id ?? '')).status
  await expect.poll(status).toBe('succeeded')
  await tributary.settled()
  const range = { from: '2026-11-14', to: '2026-11-20' }
  const { days } = await engine.metrics.daily(ada.user.id, {
    ...range,
    metrics: ['fitbit.steps', 'fitbit.bedTime'],
  })
  const truth = await readTruth(lab.url, 'fitbit', range)
  expect(days.map(({ values }) => values)).toEqual(
    truth.map(({ steps, bedTime }) => ({ 'fitbit.steps': steps, 'fitbit.bedTime': bedTime })),
  )
})

test('a worker whose job takes long says again and again that it lives', async () => {
  const { lab, database } = tributary
  await tributary.connect(ada, 'fitbit')
  lab.lab.faults.add({ source: 'fitbit', path: /sleep/, respond: { delayMs: 4000 } })
  tributary.startWorker({ leaseSeconds: 3 })
  /** By attempt of a job, until when it was seen to last. */
  const leases = new Map<string, Set<string>>()
  const look = async () => {
    const rows = await database.query<{ attempt: string; lease: string }>(
      `select id || ' ' || attempt as attempt, lease_until::text as lease from tributary.import_jobs
       where status = 'running'`,
    )
    for (const { attempt, lease } of rows) leases.set(attempt, (leases.get(attempt) ?? new Set()).add(lease))
    return Math.max(0, ...[...leases.values()].map(({ size }) => size))
  }
  await expect.poll(look).toBeGreaterThan(1)
  await tributary.settled()
})

test('a worker whose job was taken from it asks nothing more', async () => {
  const { lab, engine } = tributary
  await tributary.connect(ada, 'fitbit')
  lab.lab.faults.add({ source: 'fitbit', path: /sleep/, respond: { delayMs: 4000 } })
  const worker = tributary.startWorker({ leaseSeconds: 1 })
  const asked = () => lab.lab.requests('fitbit').map(({ path }) => path)
  await expect.poll(() => asked().some((path) => path.includes('/sleep/'))).toBe(true)
  await engine.plugins.change(ada.user.id, 'fitbit', { enabled: false })
  await worker.stop()
  expect(asked().at(-1)).toContain('/sleep/')
})
