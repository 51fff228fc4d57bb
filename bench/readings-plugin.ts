import { apiKey, definePlugin } from '@tributary/plugin-sdk'

const perDay = 2160
const secondsApart = 40
/** Of so many days one is read otherwise by the mapping that changed. */
export const changesEvery = 10

interface Page {
  date: string
  values: number[]
}

/** A source of a reading every forty seconds, whose mapping can change while it runs. */
export function readingsPlugin(mapping: { changed: boolean }) {
  return definePlugin({
    id: 'readings',
    name: 'Readings',
    description: 'For measuring.',
    icon: '⏱',
    auth: apiKey({ placement: 'bearer', help: 'Any.' }),
    api: { baseUrl: 'https://readings.example' },
    fields: { reading: { name: 'Reading', type: 'number', unit: '/min', day: 'mean' } },
    streams: {
      days: {
        fields: ['reading'],
        maxDaysPerRequest: 1,
        answers: 'window',
        async *fetchData({ from }) {
          const seed = Temporal.PlainDate.from(from).dayOfYear
          const values = Array.from({ length: perDay }, (_, at) => 60 + ((at * 7 + seed * 13) % 90))
          yield { date: from, values } satisfies Page
        },
        *mapData(pages: Page[], { zone }) {
          for (const { date, values } of pages) {
            const day = Temporal.PlainDate.from(date)
            const start = day.toZonedDateTime(zone).epochMilliseconds
            const more = mapping.changed && day.dayOfYear % changesEvery === 0 ? 1 : 0
            for (const [at, value] of values.entries())
              yield { field: 'reading', start: start + at * secondsApart * 1000, value: value + more }
          }
        },
      },
    },
  })
}
