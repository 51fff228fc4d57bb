import { definePlugin, type MapContext } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine } from '../testing/test-engine.ts'

test('of a date that answers of two zones have, the newer one says the day', async () => {
  let value = 1
  const { plugin } = examplePlugin('example')
  const source = definePlugin({
    ...plugin,
    fields: { score: { name: 'Score', type: 'number', unit: '{score}' } },
    streams: {
      days: {
        fields: ['score'],
        maxDaysPerRequest: 30,
        answers: 'window',
        async *fetchData() {
          yield { value }
        },
        *mapData(pages: { value: number }[], { from, to }: MapContext) {
          for (const { value: score } of pages)
            for (let day = Temporal.PlainDate.from(from); day.toString() <= to; day = day.add({ days: 1 }))
              yield { date: day.toString(), fields: { score } }
        },
      },
    },
  })
  const tributary = await createTestEngine({ plugins: [source], aliases: { example: 'example-service' } })
  try {
    const { engine, settled } = tributary
    const ada = await tributary.addUser('ada@example.org')
    await tributary.connect(ada, 'example')
    await engine.plugins.change(ada.user.id, 'example', { historyFrom: '2026-11-01' })
    tributary.startWorker()
    await settled()
    value = 2
    await engine.accounts.setTimeZone(ada.user.id, 'America/New_York')
    await settled()
    const scores = async () => {
      const range = { from: '2026-11-01', to: '2026-11-19', metrics: ['example.score'] }
      const { days } = await engine.metrics.daily(ada.user.id, range)
      return days.map(({ values }) => values['example.score'])
    }
    const before = await scores()
    expect(new Set(before)).toEqual(new Set([1, 2]))
    await engine.remaps.begin(ada.user.id, 'example')
    await expect
      .poll(async () => (await engine.remaps.get(ada.user.id, 'example'))?.status)
      .toMatch(/ready|applied/)
    expect(await engine.remaps.get(ada.user.id, 'example')).toMatchObject({ status: 'applied' })
    expect(await scores()).toEqual(before)
  } finally {
    await tributary.close()
  }
})
