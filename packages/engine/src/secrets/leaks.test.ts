import { plugins } from '@tributary/plugins'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { dumpTables, findLeaks } from '../testing/find-leaks.ts'
import { consent, createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const canary = 'canary-4f1c9a7e'
let tributary: TestEngine
let ada: SignedIn
let lines: string[]

beforeEach(async () => {
  lines = []
  tributary = await createTestEngine({
    plugins,
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
  })
  ada = await tributary.addUser('ada@example.org', 'admin')
})

afterEach(() => tributary.close())

/** What the simulated providers gave out, and what else nobody may read. */
async function secrets(): Promise<Record<string, string | Buffer>> {
  const { lab, keys } = tributary
  const found: Record<string, string | Buffer> = {
    canary,
    key: Buffer.from(keys, 'base64'),
    'api key': lab.lab.apiKey('wakatime') ?? '',
  }
  for (const source of ['fitbit', 'google-fit']) {
    found[`client secret of ${source}`] = lab.lab.client(source).clientSecret
    const response = await fetch(`${lab.url}/issued/${source}`)
    const { issued } = (await response.json()) as { issued: { kind: string; value: string }[] }
    for (const [index, { value }] of issued.entries()) found[`${source} ${index}`] = value
  }
  return found
}

async function expectNoLeak(told: string[] = []): Promise<void> {
  const all = await secrets()
  expect(Object.keys(all).length).toBeGreaterThan(6)
  expect(findLeaks(lines.join('\n'), all)).toEqual([])
  expect(findLeaks(await dumpTables(tributary.database), all)).toEqual([])
  expect(findLeaks(told.join('\n'), all)).toEqual([])
}

/** A token answer of a provider that says more than it should. */
const answers = [
  { status: 200, body: { access_token: canary, refresh_token: canary } },
  { status: 200, body: { access_token: canary, token_type: 7, expires_in: canary, user_id: canary } },
  { status: 200, headers: { 'content-type': 'application/json' }, body: `{"access_token":"${canary}` },
  { status: 200, headers: { 'content-type': 'text/html' }, body: `<p>${canary}</p>` },
  { status: 400, body: { errors: [{ errorType: 'invalid_grant', message: canary }], success: false } },
  { status: 400, body: { error: 'invalid_grant', error_description: canary } },
  { status: 401, body: { error: 'invalid_client', error_description: canary } },
  { status: 302, headers: { location: `https://elsewhere.example/?${canary}` } },
  { status: 500, body: canary },
] as const

test('whatever a token server answers, no secret is found in the log, the database or what a user is told', async () => {
  const told: string[] = []
  const { engine, lab, clock } = tributary
  await tributary.connect(ada, 'google-fit')
  await engine.plugins.setKey(ada, 'wakatime', lab.lab.apiKey('wakatime') ?? '')
  for (const respond of answers) {
    const callback = await consent(await engine.plugins.startAuthorization(ada, 'fitbit'))
    lab.lab.faults.add({ source: 'fitbit', path: /token/, respond })
    const error = await engine.plugins
      .finishAuthorization(ada, 'fitbit', callback)
      .catch((reason: unknown) => reason)
    told.push(String(error))
    lab.lab.faults.clear()
    await tributary.connect(ada, 'fitbit')
    clock.add({ hours: 9 })
    lab.lab.faults.add({ source: 'fitbit', path: /token/, times: 5, respond })
    const worker = tributary.startWorker()
    await tributary.settled()
    await worker.stop()
    told.push(JSON.stringify(await engine.plugins.list(ada.user.id)))
    lab.lab.faults.clear()
  }
  told.push(
    JSON.stringify(await engine.jobs.list(ada.user.id)),
    JSON.stringify(await engine.admin.audit(ada.user.id)),
  )
  await expectNoLeak(told)
})

test('whatever a source says of a token that it refuses, it is told nowhere', async () => {
  const told: string[] = []
  const { engine, lab } = tributary
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  const [access = ''] = Object.entries(await secrets())
    .filter(([name]) => name.startsWith('fitbit'))
    .map(([, value]) => String(value))
    .slice(-2)
  for (const status of [400, 403, 404, 429, 500]) {
    const respond = { status, body: { errors: [{ errorType: 'x', message: `Bearer ${access} ${canary}` }] } }
    lab.lab.faults.add({ source: 'fitbit', path: /./, times: 3, respond })
    told.push(JSON.stringify(await engine.plugins.sync(ada.user.id, 'fitbit', {})))
    lab.lab.faults.clear()
  }
  lab.lab.faults.add({ source: 'wakatime', path: /./, respond: { status: 401, body: canary } })
  told.push(String(await engine.plugins.setKey(ada, 'wakatime', canary).catch((reason: unknown) => reason)))
  told.push(JSON.stringify(await engine.admin.test(ada.user.id, 'fitbit')))
  await expectNoLeak(told)
})
