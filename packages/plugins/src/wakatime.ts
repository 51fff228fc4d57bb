import {
  apiKey,
  definePlugin,
  defineStream,
  isRejected,
  type MappedRecord,
  type RejectedRecord,
} from '@tributary/plugin-sdk'
import { z } from 'zod'
import { daysIn, recordsOf, splitRejected } from './records-of.ts'

const part = z.object({ name: z.string().min(1), total_seconds: z.number().nonnegative() })

const day = z.object({
  grand_total: z.object({ total_seconds: z.number().nonnegative() }),
  range: z.object({ date: z.iso.date() }),
  projects: recordsOf(part),
  languages: recordsOf(part),
})
const page = z.object({ data: recordsOf(day, ({ range }) => [range.date]) })

/** Summaries by day of the person's zone; a day without coding is there with 0 seconds, which is no value. */
const summaries = defineStream<z.infer<typeof page>>({
  name: 'Coding time',
  fields: ['codingTime', 'codingTimeByProject', 'codingTimeByLanguage'],
  maxDaysPerRequest: 31,
  daysByZone: true,
  answers: 'window',
  schema: page,
  listedDays: ({ data }) => daysIn(data, ({ range }) => range.date),
  async *fetchData({ http, from, to, zone }) {
    yield await http.get('users/current/summaries', { start: from, end: to, timezone: zone })
  },
  *mapData(pages) {
    const { records, rejected } = splitRejected(pages.flatMap(({ data }) => data))
    yield* rejected
    for (const { grand_total, range, projects, languages } of records) {
      const { date } = range
      yield { date, fields: { codingTime: orNone(grand_total.total_seconds) } }
      yield* splitTime(date, 'codingTimeByProject', projects)
      yield* splitTime(date, 'codingTimeByLanguage', languages)
    }
  },
})

/** The parts of a day's coding time. */
function* splitTime(
  date: string,
  field: string,
  parts: z.infer<typeof day>['projects'],
): Iterable<MappedRecord | RejectedRecord> {
  for (const one of parts)
    if (isRejected(one)) yield { ...one, dates: [date] }
    else yield { date, dimension: one.name, fields: { [field]: orNone(one.total_seconds) } }
}

/** The WakaTime API, version 1 (wakatime.com/developers); Wakapi and Hackatime speak it too. */
export const wakatime = definePlugin({
  id: 'wakatime',
  name: 'WakaTime',
  description: 'Time spent coding, by project and language.',
  icon: '⌨️',
  auth: apiKey({
    placement: 'basic',
    help: 'You find your secret API key at wakatime.com/settings/api-key.',
    placeholder: 'waka_xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
  }),
  api: {
    baseUrl: 'https://wakatime.com/api/v1/',
    identify: async (http) => ({ id: (await http.get('users/current'))?.data?.id }),
  },
  fields: {
    codingTime: { name: 'Coding time', type: 'duration', kind: 'coding-time' },
    codingTimeByProject: {
      name: 'Coding time by project',
      type: 'duration',
      dimension: 'project',
    },
    codingTimeByLanguage: {
      name: 'Coding time by language',
      type: 'duration',
      dimension: 'language',
    },
  },
  streams: { summaries },
})

function orNone(seconds: number): number | undefined {
  return seconds > 0 ? seconds : undefined
}
