import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { releaseLostJobs } from '../jobs/claim-job.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import type { WorkerProcessOptions } from '../testing/worker-process.ts'

let tributary: TestEngine
let ada: SignedIn
let database: Database

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  database = openDatabase({ url: tributary.database.url })
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

/** A file of this many minutes with a value that is one number more than the minute before. */
function minutes(count: number, first = 0): string {
  const start = Temporal.Instant.from('2026-03-01T00:00:00Z')
  const rows = Array.from({ length: count }, (_, n) => `${start.add({ minutes: n }).toString()},${first + n}`)
  return `Time,Level\n${rows.join('\n')}\n`
}

async function receive(content: string, fileName: string): Promise<string> {
  const { engine } = tributary
  const { id } = await engine.uploads.receive(ada.user.id, 'csv', {
    fileName,
    content: (async function* () {
      yield Buffer.from(content)
    })(),
    mapping: () => undefined,
  })
  return id
}

const getJob = (id: string) => tributary.engine.jobs.get(ada.user.id, id)

/** Lets the lease of a job end, as it does when its worker is silent. */
async function endLease(id: string): Promise<void> {
  await tributary.database.query(
    `update tributary.import_jobs set lease_until = now() - interval '1 second' where id = $1 and status = 'running'`,
    [id],
  )
}

/** Starts a worker in a process of its own and kills it when it works at a job. */
async function killWorkerAt(id: string): Promise<void> {
  const { lab, clock, keys } = tributary
  const options: WorkerProcessOptions = {
    databaseUrl: tributary.database.url,
    keys,
    now: clock.now().toString(),
    labUrl: lab.url,
    client: lab.lab.client('fitbit'),
  }
  const script = fileURLToPath(new URL('../testing/worker-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'inherit' })
  const status = async () => (await getJob(id)).status
  await expect.poll(status, { interval: 5 }).toBe('running')
  child.kill('SIGKILL')
  await once(child, 'exit')
  await endLease(id)
  await releaseLostJobs(database, clock.now())
  clock.add({ minutes: 1 })
}

test('an upload whose workers were killed five times is imported', async () => {
  const id = await receive(minutes(20_000), 'levels.csv')
  for (let times = 0; times < 5; times++) await killWorkerAt(id)
  tributary.startWorker()
  await tributary.settled()
  expect(await getJob(id)).toMatchObject({ status: 'succeeded', counts: { read: 20_000, new: 20_000 } })
})
