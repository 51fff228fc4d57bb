import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, connect, startTestLab } from './test-client.ts'
import type { TestLab } from './test-client.ts'
import { truthOf } from './test-connection.ts'
import type { TrueDay } from './truth/true-days.ts'

let lab: TestLab
let token: string
beforeEach(async () => {
  lab = await startTestLab('2026-11-20T12:00:00Z', { control: true })
  token = (await connect(lab)).access_token
})
afterEach(() => lab.close())

const command = (plan: string, body?: unknown, method = body === undefined ? 'DELETE' : 'POST') =>
  fetch(`${lab.url}/${plan}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const profile = async () => (await ask(lab, '/1/user/-/profile.json', token)).status

test('faults are commanded and taken back over HTTP', async () => {
  const fault = { source: 'fitbit', path: 'profile', probability: 1, respond: { status: 503 } }
  expect((await command('faults', fault)).status).toBe(204)
  expect([await profile(), await profile()]).toEqual([503, 503])
  expect((await command('faults')).status).toBe(204)
  expect(await profile()).toBe(200)
})

test('changes too', async () => {
  const steps = async () => (await truthOf<TrueDay>(lab, 'fitbit', '2026-11-10', '2026-11-10'))[0]?.steps
  const before = await steps()
  await command('changes', { date: '2026-11-10', at: '2026-11-20T12:00:00Z', remove: 'day' })
  expect(await steps()).toBe(null)
  await command('changes')
  expect(await steps()).toBe(before)
})

test.each([
  ['faults', {}, 'at least "source"'],
  ['faults', { source: 'fitbit', path: '(', respond: 'hang' }, 'Invalid regular expression'],
  ['faults', { source: 'fitbit', path: 'x', body: '(', respond: 'hang' }, 'Invalid regular expression'],
  ['changes', { date: '2026-11-10' }, 'at least "date"'],
  ['changes', { date: '2026-13-10', late: 'night', hours: 3 }, '"date" must be'],
  ['changes', { date: '2026-11-10', at: 'soon', remove: 'day' }, 'Temporal error'],
])('to %s, %j is answered with a sentence', async (plan, body, sentence) => {
  const answer = await command(plan, body)
  expect(answer.status).toBe(400)
  expect(((await answer.json()) as { error: string }).error).toContain(sentence)
})

test('a lab that was not told so takes no commands', async () => {
  const closed = await startTestLab('2026-11-20T12:00:00Z')
  expect((await fetch(`${closed.url}/faults`, { method: 'DELETE' })).status).toBe(404)
  await closed.close()
})
