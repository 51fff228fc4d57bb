import { definePlugin, type MapContext } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const hour = 3_600_000
const range = { from: '2026-11-10', to: '2026-11-12' }
const zone = 'Europe/Berlin'
const evening = instantsOf({ from: '2026-11-10', to: '2026-11-10' }, zone).start + 20 * hour

let tributary: TestEngine
let ada: SignedIn
/** How long the night of the tenth lasts, by the mapping of now. */
let hours: number

/** One night, asked for a day at a time; its answers say of each day the same. */
function nights() {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    fields: { asleep: { name: 'Asleep', type: 'duration', day: 'duration', belongsTo: 'end' } },
    streams: {
      nights: {
        name: 'Nights',
        fields: ['asleep'],
        maxDaysPerRequest: 1,
        answers: 'window',
        async *fetchData() {
          yield {}
        },
        *mapData(_pages: unknown[], _context: MapContext) {
          yield { field: 'asleep', start: evening, end: evening + hours * hour, value: 1 }
        },
      },
    },
  })
}

beforeEach(async () => {
  hours = 9
  tributary = await createTestEngine({ plugins: [nights()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: range.from })
  await tributary.settled()
})

afterEach(() => tributary.close())

async function asleep() {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, {
    ...range,
    metrics: ['example.asleep'],
  })
  return days.map(({ values }) => values['example.asleep'])
}

async function ended(): Promise<string> {
  for (;;) {
    const remap = await tributary.engine.remaps.get(ada.user.id, 'example')
    if (remap && remap.status !== 'comparing' && remap.status !== 'applying') return remap.status
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test.each([
  [3, [3 * 3600, null, null]],
  [30, [null, null, 30 * 3600]],
])(
  'a night that ends on another day by %i hours leaves the one and is on the other',
  async (now, expected) => {
    expect(await asleep()).toEqual([null, 9 * 3600, null])
    hours = now
    await tributary.engine.remaps.begin(ada.user.id, 'example')
    expect(await ended()).toBe('ready')
    await tributary.engine.remaps.apply(ada.user.id, 'example')
    expect(await ended()).toBe('applied')
    expect(await asleep()).toEqual(expected)
  },
)
