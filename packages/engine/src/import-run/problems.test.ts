import { ImportError } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createLog } from '../runtime/log.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { type TwoStreams, twoStreams, twoStreamsPlugin } from '../testing/two-streams-plugin.ts'

const days = { startDate: '2026-11-16', endDate: '2026-11-19' }
/** What no log may hold: a value that a person measured. */
const personal = 'weighs 81.25 kg'

let tributary: TestEngine
let ada: SignedIn
let says: TwoStreams
let lines: string[]

beforeEach(async () => {
  says = twoStreams()
  lines = []
  tributary = await createTestEngine({
    plugins: [...plugins, twoStreamsPlugin(says)],
    aliases: { example: 'example-service' },
    log: createLog('info', { write: (line) => lines.push(line) }),
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterEach(() => tributary.close())

async function connect(source: string) {
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyPaused: true })
  await tributary.settled()
}

const jobOf = (id: string) => tributary.engine.jobs.get(ada.user.id, id)
const stateOf = async (source: string) => (await tributary.engine.plugins.get(ada.user.id, source)).state
const logged = (message: string) =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === message)

describe('a plugin whose own code fails', () => {
  test.each<[string, () => void, string]>([
    [
      'while it fetches',
      () => {
        says.before = (stream) => {
          if (stream === 'two') throw new TypeError(`${personal} is not iterable`)
        }
      },
      'The Example plugin failed while fetching two. Update the plugin, or report this to its maker.',
    ],
    [
      'while it reads',
      () => {
        says.records = (stream, day) => {
          if (stream === 'two') JSON.parse(personal)
          return [{ date: day, fields: { [stream]: 1 } }]
        }
      },
      'The Example plugin failed while reading two. Update the plugin, or report this to its maker.',
    ],
  ])('%s is named, tried once more, and keeps no other stream from coming', async (_, breakIt, message) => {
    await connect('example')
    breakIt()
    const job = await tributary.sync(ada, 'example', days)
    const problem = { owner: 'plugin', code: 'plugin-failed', message }
    expect(job).toMatchObject({ status: 'retrying', reason: message, problem })
    expect(job.streams['one']).toMatchObject({ read: 4 })
    tributary.clock.add({ minutes: 1 })
    await tributary.settled()
    expect(await jobOf(job.id)).toMatchObject({ status: 'partial', continuesAt: null, problem })
    expect(await stateOf('example')).toBe('connected')
  })

  test('is logged with job, stream and place, and without what a person measured', async () => {
    await connect('example')
    says.before = () => {
      throw new TypeError(`${personal} is not iterable`)
    }
    const { id } = await tributary.sync(ada, 'example', days)
    const [failure] = logged('a plugin failed')
    expect(failure).toMatchObject({
      job: id,
      source: 'example',
      stream: 'one',
      cause: { type: 'TypeError', at: expect.arrayContaining([expect.stringContaining('problems.test.ts')]) },
    })
    expect(lines.join('')).not.toContain(personal)
  })

  test('that gives nothing at all is not asked for all of history', async () => {
    await connect('example')
    says.before = () => {
      throw new TypeError('x is undefined')
    }
    await tributary.engine.plugins.change(ada.user.id, 'example', {
      historyPaused: false,
      historyFrom: '2020-01-01',
    })
    for (let minutes = 0; minutes < 10; minutes++) {
      await tributary.settled()
      tributary.clock.add({ minutes: 2 })
    }
    const before = says.asked.length
    tributary.clock.add({ minutes: 30 })
    await tributary.settled()
    expect(says.asked.length).toBe(before)
    expect(before).toBeLessThan(40)
  })

  test('is not blamed for what the database fails to do for it', async () => {
    await connect('google-health')
    await tributary.database.query('alter function tributary.take_ticket rename to given_away')
    const job = await tributary.sync(ada, 'google-health', days)
    expect(job).toMatchObject({ status: 'retrying', problem: { owner: 'admin', code: 'failed-here' } })
    expect(logged('an import broke')).toContainEqual(expect.objectContaining({ job: job.id }))
  })
})

test.each([
  ['reauthorize', 'person', 'failed'],
  ['not-allowed', 'person', 'failed'],
  ['misconfigured', 'admin', 'failed'],
  ['rate-limited', 'source', 'waiting'],
  ['unavailable', 'source', 'retrying'],
  ['retired', 'source', 'failed'],
] as const)('a source that answers %s gives a problem for the %s', async (code, owner, status) => {
  await connect('example')
  says.before = () => {
    throw new ImportError(code, 'what happened and what to do.')
  }
  const job = await tributary.sync(ada, 'example', days)
  expect(job).toMatchObject({
    status,
    problem: { owner, code, message: expect.stringContaining('what happened and what to do.') },
  })
})

test('a job that succeeds has no problem, and neither has one after a problem that passed', async () => {
  await connect('example')
  says.before = () => {
    throw new ImportError('unavailable', 'Down.')
  }
  const { id } = await tributary.sync(ada, 'example', days)
  expect(await jobOf(id)).toMatchObject({ problem: { owner: 'source' } })
  says.before = () => {}
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(await jobOf(id)).not.toHaveProperty('problem')
})

test('a person who has switched all streams off is told so', async () => {
  await connect('example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { streams: [] })
  expect(await tributary.sync(ada, 'example', days)).toMatchObject({
    status: 'failed',
    problem: { owner: 'person', code: 'nothing-chosen', message: expect.stringContaining('switch one on') },
  })
})

test('records that cannot be read stay the problem of their job over a further attempt', async () => {
  await connect('example')
  says.records = (stream, day) =>
    stream === 'one' ? [{ date: day, fields: { one: 'x' } }] : [{ date: day, fields: { two: 1 } }]
  says.before = (stream) => {
    if (stream === 'two') throw new ImportError('unavailable', 'Down.')
  }
  const { id } = await tributary.sync(ada, 'example', days)
  expect(await jobOf(id)).toMatchObject({ status: 'retrying', problem: { code: 'unavailable' } })
  says.before = () => {}
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(await jobOf(id)).toMatchObject({
    status: 'partial',
    problem: { owner: 'source', code: 'bad-record' },
  })
})

describe('a refusal over HTTP', () => {
  const befall = (path: RegExp, status: number, body: unknown) =>
    tributary.lab.lab.faults.add({ source: 'google-health', path, times: 100, respond: { status, body } })
  const denied = (reason: string) => ({
    error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason }] },
  })

  test('of a permission is for the person, who connects again', async () => {
    await connect('google-health')
    befall(/dataTypes/, 403, denied('RESOURCE_PERMISSION_DENIED'))
    expect(await tributary.sync(ada, 'google-health', days)).toMatchObject({
      status: 'failed',
      problem: { owner: 'person', code: 'reauthorize', message: expect.stringContaining('Connect again') },
    })
    expect(await stateOf('google-health')).toBe('needs-reauthorization')
  })

  test('for a reason that nobody knows is for the person too, one stream at a time', async () => {
    await connect('google-health')
    befall(/sleep/, 403, denied('SOMETHING_NEW'))
    expect(await tributary.sync(ada, 'google-health', days)).toMatchObject({
      status: 'partial',
      problem: { owner: 'person', code: 'not-allowed', message: expect.stringContaining('connect again') },
    })
  })

  test('of the client by the token server is for an admin, and is not tried again by itself', async () => {
    await connect('google-health')
    befall(/token/, 401, { error: 'deleted_client', error_description: 'The OAuth client was deleted.' })
    tributary.clock.add({ hours: 2 })
    const job = await tributary.sync(ada, 'google-health', days)
    expect(job).toMatchObject({
      status: 'failed',
      continuesAt: null,
      problem: { owner: 'admin', code: 'misconfigured', message: expect.stringContaining('An admin') },
    })
    expect(await stateOf('google-health')).toBe('misconfigured')
  })

  test('that nobody knows is told by its class, and logged with job and stream', async () => {
    await connect('google-health')
    befall(/sleep/, 418, { error: { message: personal } })
    const { id, problem } = await tributary.sync(ada, 'google-health', days)
    expect(problem).toEqual({
      owner: 'source',
      code: 'unavailable',
      message: 'Google Health answered with a client error (418).',
    })
    expect(logged('a part of an import failed')).toContainEqual(
      expect.objectContaining({ job: id, stream: 'sleep', code: 'unavailable', status: 418 }),
    )
    expect(lines.join('')).not.toContain(personal)
  })
})
