import { defineStream, isRejected, type Stream } from '@tributary/plugin-sdk'
import type { z } from 'zod'
import { withDates } from '../records-of.ts'
import { nanoseconds, readScope } from './api.ts'
import { stepsSource } from './daily.ts'
import { datasetPage, fetchDataset } from './dataset.ts'
import { dayOf, endOfDay, startOfDay } from './local-days.ts'

export const heartIntraday = measuredStream({
  name: 'Heart rate through the day',
  field: 'heartRate',
  scope: readScope('heart_rate'),
  dataSource: 'derived:com.google.heart_rate.bpm:com.google.android.gms:merge_heart_rate_bpm',
})

export const stepsIntraday = measuredStream({
  name: 'Steps through the day',
  field: 'stepsIntraday',
  scope: readScope('activity'),
  dataSource: stepsSource,
})

/**
 * Declares a stream of measurements from the data source that Google merged of all devices, each with the stream that it
 * came from as origin. A week holds some 10,000 heart rates, which is about a page; a year is half a million, hence
 * optional.
 */
function measuredStream({
  name,
  field,
  scope,
  dataSource,
}: {
  name: string
  field: string
  scope: string
  dataSource: string
}): Stream {
  return defineStream<z.infer<typeof datasetPage>>({
    name,
    fields: [field],
    scopes: [scope],
    optional: true,
    historyDays: 30,
    maxDaysPerRequest: 7,
    answers: 'window',
    schema: datasetPage,
    fetchData({ http, from, to, zone }) {
      return fetchDataset(http, dataSource, { start: startOfDay(from, zone), end: endOfDay(to, zone) })
    },
    *mapData(pages, { zone }) {
      for (const { dataSourceId, point } of pages) {
        for (const one of point) {
          if (isRejected(one)) {
            yield withDates(one, ({ startTimeNanos }) => [dayOf(nanoseconds.parse(startTimeNanos), zone)])
            continue
          }
          const { start, end, value, origin = dataSourceId } = one
          yield { field, start, ...(end > start ? { end } : {}), value, origin }
        }
      }
    },
  })
}
