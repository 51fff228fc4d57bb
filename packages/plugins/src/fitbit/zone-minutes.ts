import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf } from '../records-of.ts'

const page = z.object({
  'activities-active-zone-minutes': recordsOf(
    z
      .object({ dateTime: z.iso.date(), value: z.object({ activeZoneMinutes: z.number().nonnegative() }) })
      .transform(({ dateTime: date, value }) => ({ date, fields: { zoneMinutes: value.activeZoneMinutes } })),
    ({ dateTime }) => [dateTime],
  ),
})

/** Active Zone Minutes by date range: at most 1095 days; a day without one has no entry. */
export const zoneMinutes = defineStream<z.infer<typeof page>>({
  name: 'Active zone minutes',
  fields: ['zoneMinutes'],
  scopes: ['activity'],
  maxDaysPerRequest: 1095,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/activities/active-zone-minutes/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { 'activities-active-zone-minutes': days } of pages) yield* days
  },
})
