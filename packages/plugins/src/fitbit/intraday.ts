import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf, splitRejected } from '../records-of.ts'
import { placeLocalTimes } from './local-times.ts'

const minute = z.object({ time: z.iso.time(), value: z.number().nonnegative() })
const dataset = z.object({ dataset: recordsOf(minute) })
const days = z.tuple([z.object({ dateTime: z.iso.date() })])

const heartPage = z.object({ 'activities-heart': days, 'activities-heart-intraday': dataset })
const stepsPage = z.object({ 'activities-steps': days, 'activities-steps-intraday': dataset })

const minuteMs = 60_000

/**
 * Heart rate by minute, 24 hours a request; a minute without one has no entry. A year takes 365 of the 150 requests that
 * Fitbit allows in an hour, hence optional.
 */
export const heartIntraday = defineStream<z.infer<typeof heartPage>>({
  name: 'Heart rate through the day',
  fields: ['heartRate'],
  scopes: ['heartrate'],
  optional: true,
  historyDays: 30,
  maxDaysPerRequest: 1,
  answers: 'window',
  schema: heartPage,
  listedDays: (page) => page['activities-heart'].map(({ dateTime }) => dateTime),
  async *fetchData({ http, from }) {
    yield await http.get(`/1/user/-/activities/heart/date/${from}/1d/1min.json`)
  },
  *mapData(pages, { zone }) {
    for (const page of pages) {
      const [{ dateTime: date }] = page['activities-heart']
      const { records, rejected } = splitRejected(page['activities-heart-intraday'].dataset)
      for (const one of rejected) yield { ...one, dates: [date] }
      for (const { at, value } of placeLocalTimes(date, zone, records))
        yield { field: 'heartRate', start: at, value }
    }
  },
})

/** Steps by minute, 24 hours a request; 0 stands for a minute without steps and for one that was not seen alike. */
export const stepsIntraday = defineStream<z.infer<typeof stepsPage>>({
  name: 'Steps through the day',
  fields: ['stepsIntraday'],
  scopes: ['activity'],
  optional: true,
  historyDays: 30,
  maxDaysPerRequest: 1,
  answers: 'window',
  schema: stepsPage,
  listedDays: (page) => page['activities-steps'].map(({ dateTime }) => dateTime),
  async *fetchData({ http, from }) {
    yield await http.get(`/1/user/-/activities/steps/date/${from}/1d/1min.json`)
  },
  *mapData(pages, { zone }) {
    for (const page of pages) {
      const [{ dateTime: date }] = page['activities-steps']
      const { records, rejected } = splitRejected(page['activities-steps-intraday'].dataset)
      for (const one of rejected) yield { ...one, dates: [date] }
      for (const { at, value } of placeLocalTimes(date, zone, records))
        if (value > 0) yield { field: 'stepsIntraday', start: at, end: at + minuteMs, value }
    }
  },
})
