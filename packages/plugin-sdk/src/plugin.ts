import type { Auth } from './auth/auth.ts'
import type { ImportErrorCode } from './errors.ts'
import type { Field } from './fields.ts'
import type { FileFormat } from './files.ts'
import type { Answer, HttpClient } from './http.ts'
import type { MappedRecords, Stream } from './stream.ts'

/** Where a source says when a limit is lifted. */
export interface RateLimitHeaders {
  /** The header with the seconds from now, or with an epoch in seconds or milliseconds. */
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

/** How a source's data is read from what devices send by themselves. */
export interface PushFormat {
  /** The fields that deliveries may hold values of. */
  fields: string[]
  /** Pure: the same body gives the same records, today and in a remap. */
  mapDelivery(body: Answer, context: { zone: string }): MappedRecords
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
  /** For a source whose data devices send. */
  push?: PushFormat
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
