import type { Answer, HttpClient } from '@tributary/plugin-sdk'
import { inFilters, me } from './api.ts'

/** What is asked for: points whose member (`date`, `interval.civil_end_time`, …) lies from one literal up to, not including, another. */
export interface PointQuery {
  /** As the address writes it. */
  type: string
  /**
   * `list` gives the points of every device and app by itself, with its origin, so that their sum counts double;
   * `reconcile` the one truth that Google's app shows, without a word on whose it is.
   */
  read: 'list' | 'reconcile'
  member: string
  from: string
  until: string
  /** At most 10,000, of sleep and exercise 25 (spec, "pageSize"). */
  pageSize: number
}

/** Asks for the points of a data type, page by page, the newest first. */
export async function* fetchPoints(http: HttpClient, query: PointQuery): AsyncIterable<Answer> {
  const { type, read, from, until, pageSize } = query
  const member = `${inFilters(type)}.${query.member}`
  const filter = `${member} >= "${from}" AND ${member} < "${until}"`
  const path = `${me}/dataTypes/${type}/dataPoints${read === 'reconcile' ? ':reconcile' : ''}`
  let pageToken: string | undefined
  do {
    const answer = await http.get(path, { filter, pageSize, pageToken })
    yield answer
    pageToken = answer.nextPageToken || undefined
  } while (pageToken)
}
