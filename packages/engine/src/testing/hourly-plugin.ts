import { definePlugin, type MapContext } from '@tributary/plugin-sdk'
import { instantsOf } from '../calendar/day-starts.ts'
import { examplePlugin } from './example-plugin.ts'

const hour = 3_600_000

/** What a source says while a test lasts. */
export interface Hourly {
  /** What its mapping makes of each hour. */
  value: number
  /** The beginnings of hours that its answers lack, in milliseconds since 1970. */
  missing?: number[]
}

/** A source that measures every hour the same, so that the sum of a day tells how it was cut; serve it as the example service. */
export function hourlyPlugin(says: Hourly, { mappingVersion = 1 } = {}) {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    mappingVersion,
    fields: { steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps', day: 'sum' } },
    streams: {
      hours: {
        name: 'Hours',
        fields: ['steps'],
        maxDaysPerRequest: 30,
        answers: 'window',
        async *fetchData() {
          yield { missing: says.missing ?? [] }
        },
        *mapData(pages: { missing: number[] }[], { from, to, zone }: MapContext) {
          const { start, end } = instantsOf({ from, to }, zone)
          for (const { missing } of pages)
            for (let at = start; at < end; at += hour)
              if (!missing.includes(at))
                yield { field: 'steps', start: at, end: at + hour, value: says.value }
        },
      },
    },
  })
}
