import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { pageOf, readScope } from './api.ts'
import { dayAfter } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { sessionInterval } from './session-interval.ts'

const page = pageOf(
  'dataPoints',
  z
    .object({
      dataPointName: z.string().optional(),
      exercise: z.object({
        interval: sessionInterval,
        /** Seconds without pauses: `1800s`. */
        activeDuration: z
          .string()
          .regex(/^\d+(\.\d+)?s$/)
          .transform((text) => Number(text.slice(0, -1)))
          .optional(),
      }),
    })
    .transform(({ dataPointName, exercise: { interval, activeDuration } }) => ({
      ...interval,
      activeDuration,
      name: dataPointName ?? interval.start.toString(),
    })),
)

/** Workouts by the day they began on, 25 a page. A day without one has no value: whether a device was worn is not said. */
export const workouts = defineStream<z.infer<typeof page>>({
  name: 'Workouts',
  fields: ['workouts', 'workoutTime'],
  scopes: [readScope('activity_and_fitness')],
  // Walks are found by themselves, some three a day: four pages.
  maxDaysPerRequest: 30,
  answers: 'window',
  schema: page,
  fetchData({ http, from, to }) {
    const days = { member: 'interval.civil_start_time', from, until: dayAfter(to) }
    return fetchPoints(http, { type: 'exercise', read: 'reconcile', ...days, pageSize: 25 })
  },
  *mapData(pages) {
    // A workout that comes in while the pages are read makes the next one begin with the last of the one before.
    const named = new Map(pages.flat().map((session) => [session.name, session]))
    const ended = [...named.values()].filter(({ end }) => end !== undefined)
    for (const [date, sessions] of Map.groupBy(ended, ({ start }) => start.toPlainDate().toString())) {
      const seconds = sessions.map(({ activeDuration, length = 0 }) => activeDuration ?? length / 1000)
      yield {
        date,
        fields: {
          workouts: sessions.length,
          workoutTime: seconds.reduce((total, duration) => total + duration, 0),
        },
      }
    }
  },
})
