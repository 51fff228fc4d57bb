import type { Answer, HttpClient } from './http.ts'
import type { MappedRecord, RejectedRecord } from './records.ts'
import type { StandardSchema } from './standard-schema.ts'

/** The days and the client that a stream is fetched with. */
export interface FetchRequest {
  http: HttpClient
  /** Which of the stream's data types to fetch; empty where it declares none. */
  dataType: string
  /** First local day, `YYYY-MM-DD`. */
  from: string
  /** Last local day, included. */
  to: string
  /** The user's IANA time zone. */
  zone: string
}

export interface MapContext {
  /** Which of the stream's data types the pages are of; empty where it declares none. */
  dataType: string
  from: string
  to: string
  zone: string
}

/** Records as a mapping yields them, all at once or one by one; those that it could not read stand among the others. */
export type MappedRecords =
  Iterable<MappedRecord | RejectedRecord> | AsyncIterable<MappedRecord | RejectedRecord>

/** A part of a stream that is fetched by requests of its own. */
export interface DataType {
  /** What a person calls it after the stream's name, e.g. "floors"; default: its id. */
  name?: string
  /** Those of the stream's fields that it gives. */
  fields: string[]
}

/** A part of a source that is fetched on its own. */
export interface Stream<Page = Answer> {
  /** What a person calls it, e.g. "Sleep". */
  name?: string
  /** Its own: what a window of it lacks is gone at the source, so that no other stream may give the same field. */
  fields: string[]
  /**
   * For a stream that takes several independent requests: its data types by id, each with its own fields. Each is fetched,
   * stored and recorded as known by itself, so that one that fails keeps no other from coming. `fetchData` is called once
   * for each. Default: the whole stream at once.
   */
  dataTypes?: Record<string, DataType>
  /** The scopes without which it cannot be asked for. */
  scopes?: string[]
  /** Not imported until the user switches it on: for what costs many requests or much room. */
  optional?: boolean
  /** How far history goes back at most, in days; default: as far as the user's depth does. */
  historyDays?: number
  /** How many days one request may ask for. */
  maxDaysPerRequest: number
  /** How many days back a source may still correct. Default 7. */
  lookbackDays?: number
  /** After how many days an empty day counts as empty and no longer as not due yet. Default 2. */
  settlesAfterDays?: number
  /** Its daily records are cut by the zone of the request: after a move of the user all of its days are asked again. */
  daysByZone?: boolean
  /** `window`: what is missing inside the asked days is gone at the source. */
  answers: 'window'
  /**
   * What every page must look like; one that does not is an error and never an empty window. Without it, an answer without
   * any record takes nothing away.
   */
  schema?: StandardSchema<Page>
  /**
   * The days that a page lists, `YYYY-MM-DD`, for a source that lists every day it is asked for, with or without data. A page
   * that lists none of them is then no answer: the window fails as `unavailable`, and nothing is deleted. Leave it out where
   * an empty list means that there is no data.
   */
  listedDays?(page: Page, context: MapContext): string[]
  fetchData(request: FetchRequest): AsyncIterable<Answer>
  /** Pure: the same pages give the same records, today and in a remap. */
  mapData(pages: Page[], context: MapContext): MappedRecords
}
