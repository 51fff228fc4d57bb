import { plugins } from '@tributary/plugins'
import { afterEach, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
afterEach(() => tributary.close())

async function start(source: string, testing: boolean) {
  tributary = await createTestEngine({ plugins, labOptions: { [source]: { testing } } })
  const ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-11-14' })
  tributary.startWorker()
  await tributary.settled()
  return {
    status: () => tributary.engine.plugins.get(ada.user.id, source),
    connect: () => tributary.connect(ada, source),
    async sync() {
      const { id } = await tributary.engine.plugins.sync(ada.user.id, source, {})
      await tributary.settled()
      return tributary.engine.jobs.get(ada.user.id, id)
    },
  }
}

/** Less what the imports waited for. */
const day = (instant: string | undefined) => instant?.slice(0, 10)

test.each(['google-health', 'google-fit'])(
  '%s: a connection of a project in testing tells when it will end, and when it has why',
  async (source) => {
    const { status, connect, sync } = await start(source, true)
    const { ends } = await status()
    expect(day(ends?.at)).toBe('2026-11-27')
    expect(ends?.note).toContain('in testing')

    // A refresh gives no new refresh token, so the end stays where it is.
    tributary.clock.add({ hours: 6 * 24 })
    expect(await sync()).toMatchObject({ status: 'succeeded' })
    expect((await status()).ends).toEqual(ends)

    tributary.clock.add({ hours: 24, minutes: 1 })
    const words =
      /ended this connection\. The Google Cloud project is in testing.*connect again after that\.$/
    expect((await sync()).reason).toMatch(words)
    expect(await status()).toMatchObject({
      state: 'needs-reauthorization',
      reason: expect.stringMatching(words),
    })

    await connect()
    expect(day((await status()).ends?.at)).toBe('2026-12-04')
  },
)

test('of a connection that is in production no end is told, and one taken back early blames no project', async () => {
  const { status, sync } = await start('google-health', false)
  expect((await status()).ends).toBeNull()
  tributary.clock.add({ hours: 3 * 24 })
  tributary.lab.lab.faults.add({
    source: 'google-health',
    path: /^\/token/,
    respond: { status: 400, body: { error: 'invalid_grant' } },
  })
  expect((await sync()).reason).not.toContain('testing')
  expect(await status()).toMatchObject({ state: 'needs-reauthorization' })
})

test('where Google told of no end, the age of a refused token tells of a project in testing', async () => {
  const { sync } = await start('google-health', false)
  tributary.clock.add({ hours: 7 * 24 })
  tributary.lab.lab.faults.add({
    source: 'google-health',
    path: /^\/token/,
    respond: { status: 400, body: { error: 'invalid_grant' } },
  })
  expect((await sync()).reason).toContain('in testing')
})
