import type { Answer, HttpClient } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf } from '../records-of.ts'
import { me, nanoseconds, number } from './api.ts'
import { orNoSource } from './no-source.ts'

const point = z
  .object({
    startTimeNanos: nanoseconds,
    endTimeNanos: nanoseconds,
    originDataSourceId: z.string().optional(),
    value: z.tuple([number]),
  })
  .transform(({ startTimeNanos, endTimeNanos, originDataSourceId, value }) => ({
    start: startTimeNanos,
    end: endTimeNanos,
    /** The stream that first had it: device and app by name. */
    origin: originDataSourceId,
    value: value[0],
  }))

/** The points of one data source; a stretch without points has no `point` at all. */
export const datasetPage = orNoSource(
  z.object({
    dataSourceId: z.string(),
    minStartTimeNs: nanoseconds,
    maxEndTimeNs: nanoseconds,
    point: recordsOf(point).default([]),
  }),
  { dataSourceId: '', minStartTimeNs: 0, maxEndTimeNs: 0, point: [] },
)

/** Asks for the points of a data source that touch a stretch of time (milliseconds since 1970), page by page, the newest first. */
export async function* fetchDataset(
  http: HttpClient,
  dataSource: string,
  { start, end }: { start: number; end: number },
): AsyncIterable<Answer> {
  const dataset = `${nanos(start)}-${nanos(end)}`
  const path = `${me}/dataSources/${encodeURIComponent(dataSource)}/datasets/${dataset}`
  let pageToken: string | undefined
  do {
    const answer = await http.get(path, { pageToken })
    yield answer
    pageToken = answer.nextPageToken || undefined
  } while (pageToken)
}

function nanos(milliseconds: number): string {
  return String(BigInt(milliseconds) * 1_000_000n)
}
