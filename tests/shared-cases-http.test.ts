import { afterEach, expect } from 'vitest'
import { createFaultyService, type FaultyCase, type FaultyService } from './harness/faulty-service.ts'
import { listCases, readBlock, readCase, testCase } from './harness/shared-cases.ts'
import { describeShared } from './harness/shared-folder.ts'

let service: FaultyService
afterEach(() => service.tributary.close())

/** What has to happen, by the name of the file that describes the fault. The service is connected and not yet imported. */
const checks: Record<string, () => Promise<void>> = {
  async 'http-retry-after-45.json'() {
    service.begin()
    const job = await service.sync()
    const refusedAt = service.tributary.lab.lab.requests('google-health').at(-1)?.at ?? ''
    expect(job.status).toBe('waiting')
    expect(secondsBetween(refusedAt, job.continuesAt)).toBe(45)
    expect(await service.finish(job)).toMatchObject({ status: 'succeeded' })
  },

  async 'http-fit-no-source-of-one-type.json'() {
    service.begin()
    expect(await service.sync()).toMatchObject({ status: 'succeeded' })
    await expectStored(['steps', 'calories', 'activeMinutes'], ['heartMinutes'])
    expect(await service.status()).toMatchObject({ state: 'connected', reason: null })
    await expectNoOpenDays('google-fit')
  },

  async 'http-fit-sleep-segments-no-source.json'() {
    service.begin()
    expect(await service.sync()).toMatchObject({ status: 'succeeded' })
    await expectStored(['bedTime', 'wakeUpTime'])
    const { sleepLength = [], bedTime = [], wakeUpTime = [] } = await service.values(nightFields)
    expect(sleepLength).toEqual(bedTime.map((bed, day) => secondsInBed(bed, wakeUpTime[day])))
    await expectNoOpenDays('google-fit')
  },

  async 'http-health-empty-windows-alike.json'() {
    service.begin()
    expect(await service.sync()).toMatchObject({ status: 'succeeded' })
    await expectStored(['steps'], ['distance', 'floors', 'zoneMinutes'])
  },

  async 'http-health-one-type-fails.json'() {
    service.begin()
    const job = await service.sync()
    await expectStored(['steps', 'distance', 'activeCalories', 'zoneMinutes'], ['floors'])
    const requests = () => service.tributary.lab.lab.requests('google-health').map(({ path }) => path)
    const before = requests().length
    const second = await service.tryAgain(job)
    const types = requests()
      .slice(before)
      .filter((path) => path.includes('dataTypes'))
    expect(types.length).toBeGreaterThan(0)
    expect(types.filter((path) => !path.includes('/floors/'))).toEqual([])
    expect(await service.finish(second)).toMatchObject({
      status: 'partial',
      reason: expect.stringMatching(/floors/i) as string,
    })
    service.end()
    expect(await service.sync()).toMatchObject({ status: 'succeeded' })
    await expectStored(['steps', 'floors'])
  },

  async 'http-health-permission-denied.json'() {
    service.begin()
    const job = await service.finish(await service.sync())
    expect(job).toMatchObject({ status: 'failed', problem: { owner: 'person' } })
    expect(await service.status()).toMatchObject({ state: 'needs-reauthorization' })
  },

  async 'http-token-deleted-client.json'() {
    service.tributary.clock.add({ hours: 2 })
    service.begin()
    const job = await service.sync()
    expect(job).toMatchObject({ status: 'failed', continuesAt: null, problem: { owner: 'admin' } })
    expect(await service.status()).toMatchObject({ state: 'misconfigured' })
  },

  async 'http-wakatime-202.json'() {
    await service.sync()
    const fields = ['codingTime']
    expect(await service.values(fields)).toEqual(await service.trueValues(fields))
    service.begin()
    const job = await service.sync()
    expect(job).toMatchObject({ status: 'retrying', counts: { removed: 0 } })
    await service.finish(job)
    expect(await service.values(fields)).toEqual(await service.trueValues(fields))
  },
}

describeShared('cases', 'faults of a service', (folder) => {
  for (const file of listCases(folder, /^http-.*\.json$/))
    testCase(file, async () => {
      const check = checks[file]
      if (!check) throw new Error(`Write a check for ${file}.`)
      service = await createFaultyService(readCase<FaultyCase>(folder, file))
      await service.connect()
      await check()
    })

  const clientDeleted = 'http-token-deleted-client.json'
  for (const error of ['disabled_client', 'org_internal', 'admin_policy_enforced'])
    testCase(
      clientDeleted,
      async () => {
        service = await createFaultyService(readCase<FaultyCase>(folder, clientDeleted))
        await service.connect()
        service.tributary.clock.add({ hours: 2 })
        service.begin({ body: { error } })
        const owner = error === 'disabled_client' ? /^admin$/ : /^(admin|person)$/
        const problem = { owner: expect.stringMatching(owner) as string }
        expect(await service.sync()).toMatchObject({ status: 'failed', continuesAt: null, problem })
      },
      error,
    )

  const grantEnded = 'http-token-200-with-error.md'
  const readFault = () => readBlock(folder, grantEnded, 'Fault') as FaultyCase['fault']
  for (const source of ['fitbit', 'google-fit', 'google-health']) {
    testCase(
      grantEnded,
      async () => {
        service = await createFaultyService({ source, fault: readFault() })
        await service.connect()
        service.tributary.clock.add({ hours: 9 })
        service.begin()
        const job = await service.sync()
        expect(job).toMatchObject({ status: 'failed', continuesAt: null, problem: { owner: 'person' } })
        expect(await service.status()).toMatchObject({ state: 'needs-reauthorization' })
      },
      `at a renewal of ${source}`,
    )

    testCase(
      grantEnded,
      async () => {
        service = await createFaultyService({ source, fault: readFault() })
        service.begin({ status: 400 })
        const refusal = (await service.connect().catch((error: unknown) => error)) as Error
        service.end()
        service.begin()
        await expect(service.connect()).rejects.toThrow(refusal.message)
        expect(refusal.message).not.toContain('cannot be reached')
      },
      `at the first exchange of ${source}`,
    )
  }
})

const nightFields = ['sleepLength', 'bedTime', 'wakeUpTime']

/** Requires the values that a source without the fault has, and no value of the fields that it is about. */
async function expectStored(fields: string[], without: string[] = []): Promise<void> {
  const stored = await service.trueValues(fields)
  expect(await service.values(fields)).toEqual(stored)
  for (const field of fields) expect(stored[field], field).toContainEqual(expect.any(Number))
  for (const values of Object.values(await service.values(without)))
    expect(values.filter((value) => value !== null)).toEqual([])
}

async function expectNoOpenDays(source: string): Promise<void> {
  const { tributary, userId, from, to } = service
  const { streams } = await tributary.engine.plugins.coverage(userId, source, { from, to })
  const open = streams
    .filter(({ enabled }) => enabled)
    .flatMap(({ days }) => [...days.failed, ...days['never-asked']])
  expect(open).toEqual([])
}

function secondsBetween(from: string, to: string | null): number | undefined {
  return to === null ? undefined : Temporal.Instant.from(from).until(to).total('seconds')
}

function secondsInBed(bedTime: unknown, wakeUpTime: unknown): number | null {
  return typeof bedTime === 'number' && typeof wakeUpTime === 'number' ? (wakeUpTime - bedTime) * 60 : null
}
