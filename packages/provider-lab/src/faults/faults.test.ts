import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, connect, refresh, startTestLab } from '../test-client.ts'
import type { TestLab } from '../test-client.ts'

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

test('a fault with a body befalls only the requests whose body matches', async () => {
  const { refresh_token } = await connect(lab)
  lab.lab.faults.add({
    source,
    path: /token/,
    body: /grant_type=refresh_token/,
    times: Infinity,
    respond: { status: 503 },
  })
  expect((await refresh(lab, refresh_token)).status).toBe(503)
  expect((await connect(lab)).access_token).toBeTypeOf('string')
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

test('a fault lasts from its time to its end, by the clock of the lab', async () => {
  const [from, until] = ['2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z']
  lab.lab.faults.add({ source, path: /steps/, from, until, respond: { status: 503 } })
  const statuses: number[] = []
  for (let quarter = 0; quarter < 10; quarter++) {
    statuses.push((await steps()).status)
    lab.pass({ minutes: 15 })
  }
  expect(statuses).toEqual([200, 200, 200, 200, 503, 503, 503, 503, 200, 200])
})

test('a fault of a probability falls on the same requests each time, and on others by another seed', async () => {
  const falls = async (seed: string) => {
    lab.lab.faults.clear()
    lab.lab.faults.add({ source, path: /steps/, probability: 0.3, seed, respond: { status: 429 } })
    const statuses: number[] = []
    for (let request = 0; request < 60; request++) statuses.push((await steps()).status)
    return statuses
  }
  const once = await falls('a')
  expect(await falls('a')).toEqual(once)
  expect(await falls('b')).not.toEqual(once)
  expect(once.filter((status) => status === 429).length).toBeGreaterThan(8)
  expect(once.filter((status) => status === 429).length).toBeLessThan(30)
})

test('a fault of one consent befalls nobody else, after its tokens were renewed either', async () => {
  const other = await connect(lab)
  const path = '/1/user/-/profile.json'
  lab.lab.faults.add({ source, path: /profile/, consent: 1, times: Infinity, respond: { status: 503 } })
  expect((await ask(lab, path, token)).status).toBe(200)
  expect((await ask(lab, path, other.access_token)).status).toBe(503)
  const renewed = (await (await refresh(lab, other.refresh_token)).json()) as { access_token: string }
  expect((await ask(lab, path, renewed.access_token)).status).toBe(503)
})

test('a refused connection gives nothing, and the provider did nothing', async () => {
  const { refresh_token } = await connect(lab)
  lab.lab.faults.add({ source, path: /token/, respond: 'refuse' })
  const issued = (await (await fetch(`${lab.url}/issued/fitbit`)).json()) as { issued: unknown[] }
  await expect(refresh(lab, refresh_token)).rejects.toThrow()
  expect(await (await fetch(`${lab.url}/issued/fitbit`)).json()).toEqual(issued)
})

test('an answer that drips comes whole', async () => {
  const whole = await (await steps()).text()
  lab.lab.faults.add({ source, path: /steps/, respond: { dripBytes: 100, everyMs: 0 } })
  expect(await (await steps()).text()).toBe(whole)
})

test('a body that never ends goes on until the client has enough', async () => {
  lab.lab.faults.add({ source, path: /steps/, respond: 'endless-body' })
  const answer = await steps()
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (bytes > 8 * 1024 * 1024) break
  }
  expect(bytes).toBeGreaterThan(8 * 1024 * 1024)
  expect((await steps()).status).toBe(200)
})
