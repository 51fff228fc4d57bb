import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import type { RefreshOutcome, RefreshProcessOptions } from '../testing/refresh-process.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const script = fileURLToPath(new URL('../testing/refresh-process.ts', import.meta.url))

let tributary: TestEngine
let ada: SignedIn
let children: ChildProcess[]

beforeEach(async () => {
  children = []
  tributary = await createTestEngine({
    plugins: [...plugins, examplePlugin('example')],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
})

/** Three processes start beside the test. */

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await tributary.close()
})

async function startProcess(source: string, callers: number): Promise<ChildProcess> {
  const connections = await tributary.database.query<{ id: string; user_id: string }>(
    `select id, user_id from tributary.user_integrations where source_id = $1`,
    [source],
  )
  const options: RefreshProcessOptions = {
    databaseUrl: tributary.database.url,
    keys: tributary.keys,
    now: tributary.clock.now().toString(),
    labUrl: tributary.lab.url,
    source,
    client: tributary.lab.lab.client(source),
    connections,
    callers,
  }
  const child = fork(script, [JSON.stringify(options)])
  children.push(child)
  await once(child, 'message')
  return child
}

const tokenRequests = (source: string) =>
  tributary.lab.lab.requests(source).filter(({ path }) => path.endsWith('/token')).length

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('150 callers in three processes make one refresh, get its token, and hold a handful of connections', async () => {
  await tributary.connect(ada, 'fitbit')
  tributary.clock.add({ hours: 9 })
  const before = tokenRequests('fitbit')
  const processes = await Promise.all([1, 2, 3].map(() => startProcess('fitbit', 50)))
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /token/, respond: { delayMs: 1500 } })
  const messages = processes.map((child) => once(child, 'message'))
  for (const child of processes) child.send('go')
  await until(() => tokenRequests('fitbit') > before)
  let most = { held: 0, waiting: 0 }
  let answered = false
  const outcomes = Promise.all(messages).finally(() => (answered = true))
  await until(async () => {
    const [sample = most] = await tributary.database.query<typeof most>(
      `select count(*) filter (where xact_start is not null)::integer as held,
         count(*) filter (where wait_event_type = 'Lock')::integer as waiting
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    if (sample.waiting >= most.waiting) most = sample
    return answered
  })
  const all = (await outcomes).map(([outcome]) => outcome as RefreshOutcome)
  expect(all.flatMap(({ errors }) => errors)).toEqual([])
  expect(new Set(all.flatMap(({ tokens }) => tokens)).size).toBe(1)
  expect(tokenRequests('fitbit')).toBe(before + 1)
  // The others wait in their own process: one of each process at the row.
  expect(most.waiting).toBe(2)
  expect(most.held).toBeLessThanOrEqual(5)
})

test('many connections at once are all renewed, and their transactions leave room for what they need besides', async () => {
  const users = await Promise.all(
    Array.from({ length: 30 }, (_, at) => tributary.addUser(`user-${at}@example.org`)),
  )
  for (const user of users) await tributary.connect(user, 'example')
  tributary.clock.add({ hours: 2 })
  const before = tokenRequests('example')
  const child = await startProcess('example', 2)
  tributary.lab.lab.faults.add({ source: 'example', path: /token/, times: 30, respond: { delayMs: 100 } })
  const message = once(child, 'message')
  child.send('go')
  let held = 0
  let answered = false
  const outcomes = message.finally(() => (answered = true))
  await until(async () => {
    const [sample] = await tributary.database.query<{ held: number }>(
      `select count(distinct pid)::integer as held from pg_locks
       where relation = 'tributary.user_integrations'::regclass and mode = 'RowShareLock'`,
    )
    held = Math.max(held, sample?.held ?? 0)
    return answered
  })
  const [outcome] = (await outcomes) as [RefreshOutcome]
  expect(held).toBeGreaterThan(0)
  // Four at once; what is listed is not of one moment, and may have both who ended and who came then.
  expect(held).toBeLessThanOrEqual(8)
  expect(outcome.errors).toEqual([])
  expect(outcome.tokens).toHaveLength(30)
  expect(tokenRequests('example')).toBe(before + 30)
})

/** A process that dies when the provider has rotated its token and before the new one is stored. */
async function dieInTheMiddle(source: string): Promise<void> {
  await tributary.connect(ada, source)
  tributary.clock.add({ hours: 9 })
  const before = tokenRequests(source)
  const child = await startProcess(source, 1)
  tributary.lab.lab.faults.add({ source, path: /token/, respond: { delayMs: 20_000 } })
  const issued = async () => {
    const response = await fetch(`${tributary.lab.url}/issued/${source}`)
    return ((await response.json()) as { issued: { kind: string }[] }).issued.filter(
      ({ kind }) => kind === 'refresh_token',
    ).length
  }
  const known = await issued()
  child.send('go')
  await until(async () => (await issued()) > known)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(tokenRequests(source)).toBe(before + 1)
}

test('a crash between rotation and commit is survived where the provider repeats its answer', async () => {
  await dieInTheMiddle('fitbit')
  tributary.startWorker()
  expect(await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})).toMatchObject({
    status: 'succeeded',
  })
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'connected' })
})

test('a crash between rotation and commit ends in a question to the user elsewhere, and in no loop', async () => {
  await dieInTheMiddle('example')
  tributary.startWorker()
  tributary.clock.add({ seconds: 1 })
  await tributary.engine.plugins.sync(ada.user.id, 'example', {})
  await tributary.settled()
  const state = () => tributary.engine.plugins.get(ada.user.id, 'example')
  expect(await state()).toMatchObject({ state: 'needs-reauthorization', connected: true })
  const asked = tokenRequests('example')
  for (let hour = 0; hour < 3; hour += 1) {
    tributary.clock.add({ hours: 1 })
    await tributary.settled()
  }
  await expect(tributary.engine.plugins.sync(ada.user.id, 'example', {})).rejects.toMatchObject({
    code: 'needs-reauthorization',
  })
  expect(tokenRequests('example')).toBe(asked)
})
