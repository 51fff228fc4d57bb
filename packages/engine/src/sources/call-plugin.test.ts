import { definePlugin, type FetchRequest, ImportError, oauth2 } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { createTestEngine } from '../testing/test-engine.ts'
import { callPlugin } from './call-plugin.ts'

test('what a plugin throws by mistake is an import error that may pass, with its cause kept', async () => {
  const mistake = new TypeError('x is undefined')
  const call = callPlugin('Watch', 'its mapping', () => Promise.reject(mistake))
  await expect(call).rejects.toMatchObject({ code: 'unavailable', cause: mistake })
})

test('an error is known by its code, even from another copy of the class', async () => {
  const retryAt = Temporal.Instant.from('2026-01-01T00:00:00Z')
  const foreign = Object.assign(new Error('wait'), { code: 'rate-limited', retryAt })
  const call = callPlugin('Watch', 'its fetching', () => Promise.reject(foreign))
  await expect(call).rejects.toMatchObject({ code: 'rate-limited', message: 'wait', retryAt })
  await expect(call).rejects.toBeInstanceOf(ImportError)
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
      reason: 'Half broken gave an answer that its mapping could not read.',
    })
    expect(job?.counts.new).toBeGreaterThan(0)
  } finally {
    await tributary.close()
  }
})
