import { plugins } from '@tributary/plugins'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { consent, createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
})

afterEach(() => tributary.close())

const begin = () => tributary.engine.plugins.startAuthorization(ada, 'fitbit')
const finish = (callback: URLSearchParams) =>
  tributary.engine.plugins.finishAuthorization(ada, 'fitbit', callback)
const rows = () =>
  tributary.database.query(
    `select c.*, (select json_agg(j order by j.created_at) from tributary.import_jobs j) as jobs
     from tributary.user_integrations c`,
  )
const revocations = () =>
  tributary.lab.lab.requests('fitbit').filter(({ path }) => path.endsWith('/revoke')).length

/** The next token answer is that of somebody else's account. */
function answerAsAnother() {
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    respond: {
      status: 200,
      body: {
        access_token: 'of-another',
        refresh_token: 'of-another',
        expires_in: 28800,
        token_type: 'Bearer',
        user_id: 'ANOTHER',
      },
    },
  })
}

test.each(['connected', 'needs-reauthorization'])(
  'another account is refused where a connection is %s: its tokens are handed back and nothing changes',
  async (state) => {
    await tributary.database.query(`update tributary.user_integrations set state = $1`, [state])
    const before = await rows()
    const callback = await consent(await begin())
    answerAsAnother()
    await expect(finish(callback)).rejects.toMatchObject({ code: 'wrong-account' })
    expect(await rows()).toEqual(before)
    expect(revocations()).toBe(1)
    tributary.clock.add({ hours: 9 })
    await tributary.database.query(`update tributary.user_integrations set state = 'connected'`)
    tributary.startWorker()
    expect(await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})).toMatchObject({
      status: 'succeeded',
    })
  },
)

test('tokens of another account that cannot be handed back are refused all the same', async () => {
  const callback = await consent(await begin())
  answerAsAnother()
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /revoke/, respond: { status: 503 } })
  await expect(finish(callback)).rejects.toMatchObject({ code: 'wrong-account' })
})

test('after disconnecting another account may be connected', async () => {
  await tributary.engine.plugins.disconnect(ada.user.id, 'fitbit', { deleteData: false })
  const callback = await consent(await begin())
  answerAsAnother()
  await finish(callback)
  expect(await rows()).toMatchObject([{ account_id: 'ANOTHER', state: 'connected' }])
})

test('the same account again hands nothing back and keeps what the user had set', async () => {
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { streams: ['sleep'] })
  await finish(await consent(await begin()))
  const { streams } = await tributary.engine.plugins.get(ada.user.id, 'fitbit')
  expect(streams.filter(({ enabled }) => enabled).map(({ id }) => id)).toEqual(['sleep'])
  expect(revocations()).toBe(0)
})

test('a connection that its user switched off imports nothing until it is switched on', async () => {
  const { plugins: sources, jobs } = tributary.engine
  await sources.change(ada.user.id, 'fitbit', { enabled: false })
  await expect(sources.sync(ada.user.id, 'fitbit', {})).rejects.toMatchObject({
    status: 409,
    code: 'switched-off',
  })
  await finish(await consent(await begin()))
  const open = async () =>
    (await jobs.list(ada.user.id))
      .filter(({ status }) => status !== 'cancelled')
      .map(({ trigger }) => trigger)
  expect(await open()).toEqual([])
  await sources.change(ada.user.id, 'fitbit', { enabled: true })
  tributary.startWorker()
  expect(await sources.sync(ada.user.id, 'fitbit', {})).toMatchObject({ status: 'succeeded' })
})

test('a client that is refused is so for all streams by one request', async () => {
  const { clock, engine, lab, settled, startWorker } = tributary
  startWorker()
  await settled()
  clock.add({ hours: 24 })
  lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    times: 100,
    respond: { status: 401, body: { errors: [{ errorType: 'invalid_client' }] } },
  })
  const tokens = () => lab.lab.requests('fitbit').filter(({ path }) => path.includes('token')).length
  const before = tokens()
  expect(await engine.plugins.sync(ada.user.id, 'fitbit', {})).toMatchObject({ status: 'failed' })
  expect(await engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({ state: 'misconfigured' })
  expect(tokens()).toBe(before + 1)
})

test('a stream whose scope was not granted says so, until more is allowed', async () => {
  const ungranted = async () => {
    const { streams } = await tributary.engine.plugins.get(ada.user.id, 'fitbit')
    return streams.filter(({ granted }) => !granted).map(({ id }) => id)
  }
  await finish(await consent(await begin(), ['activity', 'sleep']))
  expect(await ungranted()).toEqual(expect.arrayContaining(['heart', 'weight', 'hrv']))
  expect(await ungranted()).not.toEqual(expect.arrayContaining(['activity']))
  const address = await begin()
  expect(address.searchParams.get('scope')?.split(' ')).toEqual(
    expect.arrayContaining(['heartrate', 'weight']),
  )
  await finish(await consent(address))
  expect(await ungranted()).toEqual([])
})

test('a new permission that comes while the source is disconnected waits for that, and neither fails', async () => {
  const callback = await consent(await begin())
  const owner = new pg.Client({ connectionString: tributary.database.url })
  await owner.connect()
  // As disconnecting does: its job first, then the connection.
  await owner.query('begin')
  await owner.query(`update tributary.import_jobs set reason = 'The source was disconnected.'`)
  const finished = finish(callback)
  const waiting = () =>
    tributary.database.query(
      'select from pg_locks join pg_stat_activity a using (pid) where a.datname = current_database() and not granted',
    )
  await expect.poll(waiting).toHaveLength(1)
  await owner.query(`update tributary.user_integrations set state = 'disconnected'`)
  await owner.query('commit')
  await owner.end()
  await finished
  expect(await rows()).toMatchObject([{ state: 'connected' }])
})
