import { defineStream, isRejected, type RejectedRecord, type Stream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { withDates } from '../records-of.ts'
import { inAnswers, int64, pageOf, readScope } from './api.ts'
import { dayAfter, instant, startOfDay, zoneClock } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { withTrueZero } from './true-zero.ts'

/** The largest page that Google gives (spec, "pageSize"). */
const pageSize = 10_000

/** Where a point comes from, in words that stay the same: platform, app, device. */
const origin = z
  .object({
    platform: z.string().optional(),
    application: z
      .object({
        packageName: z.string().optional(),
        webClientId: z.string().optional(),
        googleWebClientId: z.string().optional(),
      })
      .optional(),
    device: z.object({ manufacturer: z.string().optional(), displayName: z.string().optional() }).optional(),
  })
  .transform(({ platform, application, device }) =>
    [
      platform,
      application?.packageName ?? application?.webClientId ?? application?.googleWebClientId,
      device?.displayName ?? device?.manufacturer,
    ]
      .filter(Boolean)
      .join(' '),
  )
  .default('')

const heartPage = pageOf(
  'dataPoints',
  z
    .object({
      dataSource: origin,
      heartRate: z.object({ sampleTime: z.object({ physicalTime: instant }), beatsPerMinute: int64 }),
    })
    .transform(({ dataSource, heartRate: { sampleTime, beatsPerMinute } }): Point => ({
      start: sampleTime.physicalTime,
      value: beatsPerMinute,
      origin: dataSource,
    })),
)

const interval = z.object({ startTime: instant, endTime: instant })

const stepsPage = pageOf(
  'dataPoints',
  z
    .object({ dataSource: origin, steps: withTrueZero(z.object({ interval, count: int64 }), 'count') })
    .transform(({ dataSource, steps }) => pointOf(dataSource, steps.interval, steps.count)),
)

const millimetresPerMetre = 1000

const distancePage = pageOf(
  'dataPoints',
  z
    .object({
      dataSource: origin,
      distance: withTrueZero(z.object({ interval, millimeters: int64 }), 'millimeters'),
    })
    .transform(({ dataSource, distance }) =>
      pointOf(dataSource, distance.interval, distance.millimeters / millimetresPerMetre),
    ),
)

const activeCaloriesPage = pageOf(
  'dataPoints',
  z
    .object({
      dataSource: origin,
      activeEnergyBurned: withTrueZero(z.object({ interval, kcal: z.number() }), 'kcal'),
    })
    .transform(({ dataSource, activeEnergyBurned }) =>
      pointOf(dataSource, activeEnergyBurned.interval, activeEnergyBurned.kcal),
    ),
)

/** A point every two seconds where a watch is worn: some five pages and 23 MB a day, hence a day at a time. */
export const heartIntraday = measuredStream({
  name: 'Heart rate through the day',
  field: 'heartRate',
  scope: readScope('health_metrics_and_measurements'),
  type: 'heart-rate',
  member: 'sample_time.physical_time',
  maxDaysPerRequest: 1,
  schema: heartPage,
})

/** A point for each minute that a device was worn, of every device. */
export const stepsIntraday = measuredStream({
  name: 'Steps through the day',
  field: 'stepsIntraday',
  scope: readScope('activity_and_fitness'),
  type: 'steps',
  member: 'interval.start_time',
  maxDaysPerRequest: 7,
  schema: stepsPage,
})

export const distanceIntraday = measuredStream({
  name: 'Distance through the day',
  field: 'distanceIntraday',
  scope: readScope('activity_and_fitness'),
  type: 'distance',
  member: 'interval.start_time',
  maxDaysPerRequest: 7,
  schema: distancePage,
})

export const activeCaloriesIntraday = measuredStream({
  name: 'Active calories through the day',
  field: 'activeCaloriesIntraday',
  scope: readScope('activity_and_fitness'),
  type: 'active-energy-burned',
  member: 'interval.start_time',
  maxDaysPerRequest: 7,
  schema: activeCaloriesPage,
})

type Page = (Point | RejectedRecord)[]

interface Point {
  start: number
  end?: number
  value: number
  origin: string
}

function pointOf(from: string, { startTime, endTime }: z.infer<typeof interval>, value: number): Point {
  return { start: startTime, end: endTime, value, origin: from }
}

/** Declares a stream of measurements, each with the device or app that it comes from, by the days of the user's zone. */
function measuredStream({
  field,
  scope,
  type,
  member,
  ...stream
}: Pick<Stream<Page>, 'name' | 'maxDaysPerRequest' | 'schema'> & {
  field: string
  scope: string
  type: string
  member: string
}): Stream {
  return defineStream<Page>({
    ...stream,
    fields: [field],
    scopes: [scope],
    optional: true,
    historyDays: 30,
    answers: 'window',
    fetchData({ http, from, to, zone }) {
      const days = { from: startOfDay(from, zone), until: startOfDay(dayAfter(to), zone) }
      return fetchPoints(http, { type, read: 'list', member, ...days, pageSize })
    },
    *mapData(pages, { zone }) {
      for (const page of pages)
        for (const point of page)
          yield isRejected(point)
            ? withDates(point, (record) => [dayOf(record, type, zone)])
            : { field, ...point }
    },
  })
}

/** The day of a point that could not be read; it throws where its time is the reason. */
function dayOf(point: Record<string, PointTimes>, type: string, zone: string): string {
  const { interval, sampleTime } = point[inAnswers(type)] ?? {}
  const at = instant.parse(interval?.startTime ?? sampleTime?.physicalTime)
  return zoneClock(at, zone).toPlainDate().toString()
}

interface PointTimes {
  interval?: { startTime?: unknown }
  sampleTime?: { physicalTime?: unknown }
}
