import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { splitRejected } from '../records-of.ts'
import { readScope, pageOf } from './api.ts'
import { dayAfter } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { placeInterval, sessionInterval, startDayOf } from './session-interval.ts'

const point = z.object({
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

const page = pageOf('dataPoints', point, ({ exercise }) => [startDayOf(exercise.interval)])

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
  *mapData(pages, { zone }) {
    const { records, rejected } = splitRejected(pages.flat())
    yield* rejected
    // A workout that comes in while the pages are read makes the next one begin with the last of the one before.
    const named = new Map(
      records.map((item) => [item.dataPointName ?? JSON.stringify(item.exercise.interval), item.exercise]),
    )
    const ended = [...named.values()].flatMap((workout) => {
      const { start, end } = placeInterval(workout.interval, zone)
      if (!end) return []
      return [
        {
          date: start.local.toPlainDate().toString(),
          seconds: workout.activeDuration ?? (end.at - start.at) / 1000,
        },
      ]
    })
    for (const [date, workouts] of Map.groupBy(ended, (workout) => workout.date)) {
      const workoutTime = workouts.reduce((total, { seconds }) => total + seconds, 0)
      yield { date, fields: { workouts: workouts.length, workoutTime } }
    }
  },
})
