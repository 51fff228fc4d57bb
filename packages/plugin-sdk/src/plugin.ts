import type { Auth } from './auth/auth.ts'
import type { ImportErrorCode } from './errors.ts'
import type { Field } from './fields.ts'
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

/** A row of a file, with its records. A daily record without fields says that the file has the day and no value for it. */
export interface FileRow {
  /** Counted from 1, as an editor shows it. */
  line: number
  records: MappedRecord[]
}

/** A row of a file that could not be read. */
export interface RejectedRow {
  /** Counted from 1, as an editor shows it. */
  line: number
  reason: string
}

/** One answer to a question about a file. */
export interface FileChoice {
  /** Names the answer among those of its question. */
  value: string
  /** What a cell of the file means by this answer, e.g. `05/06/2026 is 6 May 2026`. */
  example: string
  /** What the answer sets in the mapping, by JSON pointer (RFC 6901), e.g. `{ "/dateFormat": "MM/DD/YYYY" }`. */
  set: Record<string, string>
}

/** What a file leaves open and a person has to decide, because each answer gives other values. */
export interface FileQuestion {
  /** The column that it is about. */
  column: string
  /** One sentence. */
  question: string
  /** At least two. The first is what the guessed mapping says. */
  choices: FileChoice[]
}

/** The beginning of a file as a table, for the page on which a person decides how it is read. */
export interface FilePreview<Mapping = Answer> {
  /** The names of all columns, empty where one has none. */
  header: string[]
  /** The first rows under the header, as they are written. */
  rows: string[][]
  /** The guessed mapping with every column that can be imported, those too that the guess leaves out. */
  candidates: Mapping
}

/** How a file can be read, as far as its beginning shows. */
export interface FileGuess<Mapping = Answer> {
  mapping: Mapping
  /** While there are any, the mapping is used only when a person sends it back. */
  questions: FileQuestion[]
  preview: FilePreview<Mapping>
}

/** What is known besides a file when its reading is guessed. */
export interface GuessContext<Mapping = Answer> {
  /** Parts of the mapping that a person has set already. */
  given?: Partial<Mapping>
  /** How the user's earlier files of this format were read, the newest first. */
  earlier?: { fileKind: string; mapping: Mapping }[]
  /** Some values that earlier files brought, by field. */
  samples?: Record<string, number[]>
}

/**
 * A format of files that users upload. Each upload is a layer of its own, which never deletes another; where two layers
 * speak of the same day, the newer one counts.
 */
export interface FileFormat<Mapping = Answer> {
  /** Endings of such files, e.g. `.csv`. */
  accept: string[]
  /** What the mapping of a user must look like. */
  mapping: StandardSchema<Mapping>
  /**
   * How to read a file by its first 256 KiB; a shorter beginning is the whole file. Throws an `ImportError` `bad-record` with a
   * sentence where the file cannot be read.
   */
  guess(beginning: Uint8Array, context?: GuessContext<Mapping>): FileGuess<Mapping>
  /**
   * A fingerprint of what files of one program have in common, such as the names of their columns; `undefined` where there is
   * none. Files of one kind are read as the newest of them was.
   */
  fileKind?(beginning: Uint8Array): string | undefined
  /** The fields that a file brings by its mapping. */
  fields(mapping: Mapping): Record<string, Field>
  /** Reads a file in one pass, however large: each row with its records, or with the reason why it could not be read. */
  mapFile(
    file: AsyncIterable<Uint8Array>,
    mapping: Mapping,
    context: { zone: string },
  ): AsyncIterable<FileRow | RejectedRow>
}

/** Where a source tells how much may still be asked. */
export interface RateLimitHeaders {
  remaining: string
  /** When the limit is lifted: so many seconds from now, or an epoch in seconds or milliseconds. */
  resetSeconds: string
}

/**
 * How often a source may be asked at most: so many requests within any stretch of so many seconds. The core keeps to it
 * before it asks, over all users and processes.
 */
export interface RequestLimit {
  requests: number
  seconds: number
  /** `account`: each connected account by itself; `project`: all accounts that this installation's client asks for. */
  per: 'account' | 'project'
  /** Holds only while the admin has chosen this value of a setting, e.g. the plan that the client is on. */
  when?: { setting: string; is: string }
  /** The request that names the account, before there is a connection, counts too. */
  countsIdentify?: boolean
}

/** What a response that is not an answer means. */
export interface Refusal {
  code: ImportErrorCode
  message: string
  /** How long to wait as its body says it, in any form that `readWait` reads; headers are read by the core. */
  wait?: unknown
}

export interface Api {
  baseUrl: string
  /** Further hosts that the plugin asks; those of `baseUrl` and of the OAuth addresses are known. */
  hosts?: string[]
  headers?: Record<string, string>
  rateLimit?: RateLimitHeaders
  /** The limits that it holds without telling, or before it tells. */
  limits?: RequestLimit[]
  /**
   * What an answer that is no data means, where its status alone does not tell: what happens next, and a sentence for the
   * user that says what to do. No text of the provider belongs into it. After the name of a stream for `not-allowed`.
   */
  readError?(status: number, body: Answer): Refusal | undefined
  /**
   * Whether a response whose status is neither 200 nor 201 says that there is no data of what was asked for, e.g. "no such
   * data source". It is stored and mapped like any other response, so the stream's schema must accept it.
   */
  isNoData?(status: number, body: Answer): boolean
  /** The account behind a connection. */
  identify?(http: HttpClient): Promise<Account>
}

/** An account at a source. */
export interface Account {
  /** What the source calls it, and will. */
  id: string
  /** What it was or is called elsewhere, e.g. at the service that this one succeeds. */
  aliases?: string[]
}

/** One field of a source's settings that an admin fills in. */
export interface AdminConfigField {
  key: string
  label: string
  description?: string
  type: 'text' | 'password' | 'select'
  required?: boolean
  placeholder?: string
  options?: { value: string; label: string }[]
  /** What counts while nothing is chosen. */
  default?: string
}

/** Something the admin has to know or to copy while setting a source up. */
export interface SetupInfoItem {
  label: string
  value: string
  copyable?: boolean
}

/** A service that no longer answers: refused before the redirect, unless simulated. */
export interface Retirement {
  /** `YYYY-MM-DD` */
  since: string
  note: string
}

/** All that the core must know of a source: only data and pure functions. */
export interface PluginDeclaration {
  id: string
  name: string
  description: string
  icon: string
  auth: Auth
  api: Api
  fields: Record<string, Field>
  streams: Record<string, Stream>
  /** Raised whenever `mapData` reads the same answers in another way, so that stored ones are read again. Default 1. */
  mappingVersion?: number
  /** For a source whose data comes from files; its fields are those that the uploads bring. */
  files?: FileFormat
  retired?: Retirement
  /** The id of the source that replaces it: merged series go over to that one on the day of the retirement. */
  successor?: string
  /** Its settings; default: client id and client secret where it uses OAuth 2.0, none otherwise. */
  adminFields?: AdminConfigField[]
  /** What the admin has to know beside the callback URL. */
  setupInfo?(values: Record<string, string>): SetupInfoItem[]
  /** It reads its client's secrets and its users' tokens by itself; said on its card. */
  readsOwnSecrets?: boolean
}
