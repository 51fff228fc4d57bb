import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import type { WorkerProcessOptions } from '../testing/worker-process.ts'
import { readTruth } from '../testing/truth.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}

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
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'inherit' })
  await until(() => lab.lab.requests('fitbit').some(({ path }) => path.includes('/sleep/')))
  child.kill('SIGKILL')
  await once(child, 'exit')
  const [job] = await engine.jobs.list(ada.user.id)
  expect(job).toMatchObject({ status: 'running' })

  tributary.startWorker({ leaseSeconds: 1 })
  await until(async () => (await engine.jobs.get(ada.user.id, job?.id ?? '')).status === 'succeeded')
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
