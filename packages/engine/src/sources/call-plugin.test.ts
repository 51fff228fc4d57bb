import { definePlugin, type FetchRequest, ImportError, oauth2 } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { createTestEngine } from '../testing/test-engine.ts'
import { callPlugin } from './call-plugin.ts'
import { asCore } from './core-error.ts'

test('what a plugin throws by mistake is its own failure, with its cause kept', async () => {
  const mistake = new TypeError('x is undefined')
  const call = callPlugin('Watch', 'reading Sleep', () => Promise.reject(mistake))
  await expect(call).rejects.toMatchObject({
    code: 'plugin-failed',
    message: expect.stringMatching(/^The Watch plugin failed while reading Sleep\./),
    cause: mistake,
  })
})

test('an error is known by its code, even from another copy of the class', async () => {
  const retryAt = Temporal.Instant.from('2026-01-01T00:00:00Z')
  const foreign = Object.assign(new Error('wait'), { code: 'rate-limited', retryAt })
  const call = callPlugin('Watch', 'fetching Sleep', () => Promise.reject(foreign))
  await expect(call).rejects.toMatchObject({ code: 'rate-limited', message: 'wait', retryAt })
  await expect(call).rejects.toBeInstanceOf(ImportError)
})

test.each([
  [new Date('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00Z'],
  ['tomorrow', undefined],
  [45, undefined],
])('the moment %s of an error from plain JavaScript is %s', async (retryAt, expected) => {
  const foreign = Object.assign(new Error('wait'), { code: 'rate-limited', retryAt })
  const call = callPlugin('Watch', 'fetching Sleep', () => Promise.reject(foreign))
  const error = await call.catch((reason: unknown) => reason as ImportError)
  expect((error as ImportError).retryAt?.toString()).toBe(expected)
})

test('an error of the core that passes through a plugin is thrown on as it was', async () => {
  const fault = new Error('the database is gone')
  const call = callPlugin('Watch', 'fetching Sleep', () => asCore(() => Promise.reject(fault)))
  await expect(call).rejects.toBe(fault)
})

test('a stream whose mapping is broken stops no other, and the job does not succeed', async () => {
  const host = 'https://service.example'
  const stream = {
    maxDaysPerRequest: 90,
    answers: 'window' as const,
    async *fetchData({ http, from, to }: FetchRequest) {
      yield await http.get('/data', { start: from, end: to })
    },
  }
  const plugin = definePlugin({
    id: 'half-broken',
    name: 'Half broken',
    description: 'For this test.',
    icon: '📊',
    auth: oauth2({
      authorizationUrl: `${host}/oauth/authorize`,
      tokenUrl: `${host}/oauth/token`,
      scopes: ['read_data'],
    }),
    api: { baseUrl: host },
    fields: {
      score: { name: 'Score', type: 'number', unit: '1' },
      other: { name: 'Other', type: 'number', unit: '1' },
    },
    streams: {
      broken: {
        ...stream,
        fields: ['other'],
        mapData: (pages) => pages[0].nothing.there.map(() => ({ date: '', fields: {} })),
      },
      sound: {
        ...stream,
        fields: ['score'],
        mapData: (pages: { entries: { date: string; score: number }[] }[]) =>
          pages.flatMap(({ entries }) => entries.map(({ date, score }) => ({ date, fields: { score } }))),
      },
    },
  })
  const tributary = await createTestEngine({
    plugins: [plugin],
    aliases: { 'half-broken': 'example-service' },
  })
  try {
    const ada = await tributary.addUser('ada@example.org')
    tributary.startWorker()
    await tributary.connect(ada, 'half-broken')
    await tributary.settled()
    const { job } = await tributary.engine.plugins.get(ada.user.id, 'half-broken')
    expect(job).toMatchObject({
      status: 'retrying',
      reason: expect.stringMatching(/^The Half broken plugin failed while reading broken\./),
    })
    expect(job?.counts.new).toBeGreaterThan(0)
  } finally {
    await tributary.close()
  }
})
