import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { connectByHttp, createHttpUser } from './harness/http-user.ts'
import { freePort, runCommand } from './harness/start-app.ts'

let database: TestDatabase
let folder: string
const processes: ReturnType<typeof runCommand>[] = []
const webs: string[] = []

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  folder = await mkdtemp(join(tmpdir(), 'tributary-outside-'))
  const ports = [await freePort(), await freePort()]
  const environment = {
    DATABASE_URL: database.url,
    TRIBUTARY_DATA_DIR: folder,
    TRIBUTARY_SIMULATE: 'all',
    PUBLIC_URL: `http://localhost:${ports[0]}`,
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: 'a long password',
  }
  for (const port of ports) {
    processes.push(runCommand('web', { ...environment, PORT: String(port) }))
    webs.push(`http://localhost:${port}`)
  }
  for (let index = 0; index < 2; index++) processes.push(runCommand('worker', environment))
  await Promise.all(processes.map((process) => process.until(/Tributary is at|A worker is at work/)))
})

afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()))
  await rm(folder, { recursive: true, force: true })
  await database.drop()
})

test('two webs and two workers on one outside database pass the main journey', async () => {
  const [first = '', second = ''] = webs
  const ada = createHttpUser({ url: first })
  await ada.json('POST', '/api/auth/sign-in/email', { email: 'ada@example.org', password: 'a long password' })
  expect(await connectByHttp(ada, 'fitbit')).toBe('/settings/plugins?success=fitbit')
  await ada.json('PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
  const to = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate()
  const range = { from: to.subtract({ days: 6 }).toString(), to: to.toString() }
  const asked = await ada.json<{ job: { status: string } }>('POST', `${second}/api/plugins/fitbit/sync`, {})
  expect(asked.job.status).toBe('succeeded')
  const query = `from=${range.from}&to=${range.to}`
  const { days } = await ada.json<{ days: { date: string; values: Record<string, number | null> }[] }>(
    'GET',
    `${second}/api/metrics/daily?${query}&metrics=fitbit.steps,fitbit.bedTime`,
  )
  const truth = (await (await fetch(`${first}/lab/truth/fitbit?${query}`)).json()) as {
    days: { date: string; steps: number | null; bedTime: number | null }[]
  }
  expect(days).toEqual(
    truth.days.map(({ date, steps, bedTime }) => ({
      date,
      values: { 'fitbit.steps': steps, 'fitbit.bedTime': bedTime },
    })),
  )
})

test('web and worker without DATABASE_URL say what they need', async () => {
  const command = runCommand('worker', {})
  expect(await command.exited).toBe(1)
  expect(command.output().trim()).toMatch(/^DATABASE_URL is not set: .*\.$/)
})
