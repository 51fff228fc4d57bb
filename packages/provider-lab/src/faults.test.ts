import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, connect, refresh, startTestLab } from './test-client.ts'
import type { TestLab } from './test-client.ts'

let lab: TestLab
let token: string
beforeEach(async () => {
  lab = await startTestLab('2026-11-20T12:00:00Z')
  token = (await connect(lab)).access_token
})
afterEach(() => lab.close())

const source = 'fitbit'
const steps = () => ask(lab, '/1/user/-/activities/steps/date/2026-11-01/2026-11-10.json', token)

test('a fault befalls the requests it names, as often as it says', async () => {
  lab.lab.faults.add({
    source,
    path: /steps/,
    times: 2,
    respond: { status: 503, headers: { 'retry-after': '7' }, body: 'busy' },
  })
  expect((await ask(lab, '/1/user/-/profile.json', token)).status).toBe(200)
  const first = await steps()
  expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '7', 'busy'])
  expect([(await steps()).status, (await steps()).status]).toEqual([503, 200])
})

test('a body that is no text is sent as JSON', async () => {
  lab.lab.faults.add({ source, path: /steps/, respond: { status: 410, body: { errors: [] } } })
  expect(await (await steps()).json()).toEqual({ errors: [] })
})

test('a truncated answer announces more than it holds', async () => {
  lab.lab.faults.add({ source, path: /steps/, respond: 'truncate' })
  const answer = await steps()
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow()
})

test('a lost refresh can be repeated: the provider did its part', async () => {
  const { refresh_token } = await connect(lab)
  lab.lab.faults.add({ source, path: /token/, respond: 'lose' })
  await expect(refresh(lab, refresh_token)).rejects.toThrow()
  expect((await refresh(lab, refresh_token)).status).toBe(200)
})

test('a hanging request ends with the client or with the lab', async () => {
  lab.lab.faults.add({ source, path: /steps/, times: 2, respond: 'hang' })
  const url = `${lab.url}/fitbit/1/user/-/activities/steps/date/today/1d.json`
  await expect(fetch(url, { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
  const hanging = expect(steps()).rejects.toThrow()
  await expect
    .poll(() => lab.lab.requests('fitbit').filter(({ path }) => path.includes('steps')).length)
    .toBe(2)
  await lab.close()
  await hanging
  lab = await startTestLab('2026-11-20T12:00:00Z')
})

test('a late answer is the right one', async () => {
  lab.lab.faults.add({ source, path: /steps/, respond: { delayMs: 1 } })
  expect((await steps()).status).toBe(200)
})

test('cleared faults befall nobody', async () => {
  lab.lab.faults.add({ source, path: /./, times: Infinity, respond: { status: 500 } })
  lab.lab.faults.clear()
  expect((await steps()).status).toBe(200)
})
