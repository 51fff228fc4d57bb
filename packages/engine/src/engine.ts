import type { FieldKind, FieldType } from '@tributary/plugin-sdk'
import type { ConnectionState, JobCounts, JobStatus, JobTrigger } from './database/schema.ts'

/** Who is signed in. */
export interface User {
  id: string
  name: string
  email: string
  role: 'user' | 'admin'
  /** IANA name. */
  timeZone: string
}

/** One sign-in of a user on one device. */
export interface SignedIn {
  user: User
  sessionId: string
}

export interface NewAccount {
  name: string
  email: string
  password: string
  /** The browser's IANA zone; UTC where it is none. */
  timeZone?: string | undefined
}

export interface Accounts {
  /** Answers `/api/auth/*`: the sign-in library's own routes. */
  handle(request: Request): Promise<Response>
  /** Who sent a request with these headers. */
  identify(headers: Headers): Promise<SignedIn | null>
  /** What a one-time link is good for; `null` where it is unknown, used or expired. */
  readSignUpLink(token: string): Promise<{ role: 'user' | 'admin'; email: string | null } | null>
  /** Makes an account by a one-time link and signs it in; the answer carries the session's cookie. */
  signUp(token: string, account: NewAccount, headers: Headers): Promise<Response>
  setTimeZone(userId: string, timeZone: string): Promise<void>
}

/** A source as one user sees it. */
export interface PluginStatus {
  plugin: {
    id: string
    name: string
    description: string
    icon: string
    fields: {
      id: string
      name: string
      description: string | null
      type: FieldType
      unit: string | null
      kind: FieldKind | null
    }[]
    /** `null` while the service lives. */
    retired: { since: string; successor: string | null; note: string } | null
  }
  /** Whether an admin made it ready to be connected. */
  configured: boolean
  /** Whether a connection made now would be to the simulated provider. */
  simulated: boolean
  connected: boolean
  enabled: boolean
  /** ISO 8601; the end of the last import that brought data or found none. */
  lastSync: string | null
  /** `null`: never connected. */
  state: ConnectionState | null
  /** Why it is in that state, where there is something to say. */
  reason: string | null
  /** The person's zone at a simulated provider, offered where the user's differs. */
  offeredTimeZone: string | null
  /** How far history reaches back: the first day that was asked for, and the first that will be. */
  history: { reached: string | null; from: string } | null
  /** The job that is running or waiting, else the last one. */
  job: Job | null
}

export interface Job {
  id: string
  pluginId: string
  trigger: JobTrigger
  status: JobStatus
  /** One sentence for every job that ended other than `succeeded`, and for one that waits. */
  reason: string | null
  /** First and last day, `YYYY-MM-DD`. */
  from: string
  to: string
  counts: JobCounts
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

export interface Plugins {
  list(userId: string): Promise<PluginStatus[]>
  /** Throws `Problem` 404 `unknown-plugin`. */
  get(userId: string, id: string): Promise<PluginStatus>
  /** Gives the address at the provider that the browser is sent to. Throws `Problem` with the code for `?error=`. */
  startAuthorization(signedIn: SignedIn, id: string): Promise<URL>
  /** Takes the provider's callback. Throws `Problem` with the code for `?error=`. */
  finishAuthorization(signedIn: SignedIn, id: string, callback: URLSearchParams): Promise<void>
  disconnect(userId: string, id: string, options: { deleteData: boolean }): Promise<void>
  /** Asks for an import and waits a few seconds for its end. Days are `YYYY-MM-DD`; default: the last seven. */
  sync(userId: string, id: string, days: { startDate?: string; endDate?: string }): Promise<Job>
  /** Makes all sources simulated ones, while none is configured. Throws `Problem` 409. For admins. */
  simulateAll(userId: string): Promise<void>
}

export interface Jobs {
  /** The newest first. */
  list(userId: string, options?: { limit?: number }): Promise<Job[]>
  /** Throws `Problem` 404 `unknown-job`. */
  get(userId: string, id: string): Promise<Job>
}

/** A stored value: a number (in its unit, seconds, or minutes from midnight) or a text; `null`: there is none. */
export type DailyValue = number | string | null

export interface Metrics {
  /** Every day of the range, oldest first. `metrics`: names such as `pluginId.fieldId`; default: all that have values. */
  daily(
    userId: string,
    range: { from: string; to: string; metrics?: string[] },
  ): Promise<{ days: { date: string; values: Record<string, DailyValue> }[] }>
}

/** Everything that happens without a browser, as web and worker use it. */
export interface Engine {
  readonly publicUrl: string
  readonly accounts: Accounts
  readonly plugins: Plugins
  readonly jobs: Jobs
  readonly metrics: Metrics
  /** Whether any source may be simulated now, so that the simulated providers have to answer. */
  isSimulating(): Promise<boolean>
  /** The current time, by the engine's clock. */
  now(): Temporal.Instant
  /** Throws where the database does not answer. */
  checkReady(): Promise<void>
}
