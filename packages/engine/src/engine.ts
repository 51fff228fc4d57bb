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
  /** Makes a one-time link's token that signs somebody in; it is kept in memory alone. */
  createSignInLink(
    credentials: { email: string; password: string },
    used?: (signedIn: SignedIn) => void,
  ): string
  /** Signs in by such a token; the answer carries the session's cookie. `null`: unknown or used. */
  signInByLink(token: string, headers: Headers): Promise<Response | null>
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
  /** How a user connects it: over the provider's consent page, by a key, or by an upload. */
  connectBy: 'oauth2' | 'api-key' | 'upload'
  /** Where the user finds the key, and what it looks like. */
  key: { help: string; placeholder: string | null } | null
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
  /** Its streams, as the user set them. */
  streams: { id: string; name: string; fields: string[]; enabled: boolean; granted: boolean }[]
  /** The job that is running or waiting, else the last one. */
  job: Job | null
}

/** What a user may change of a connection. What is left out stays. */
export interface ConnectionSettings {
  enabled?: boolean | undefined
  /** The ids of the streams that are imported. */
  streams?: string[] | undefined
  /** The depth: no day before it is asked for. `YYYY-MM-DD`. */
  historyFrom?: string | undefined
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
  /** Connects by a key, checked first. Throws `Problem` 422 where the source refuses it. */
  setKey(signedIn: SignedIn, id: string, key: string): Promise<PluginStatus>
  disconnect(userId: string, id: string, options: { deleteData: boolean }): Promise<void>
  /** Asks for an import and waits a few seconds for its end. Days are `YYYY-MM-DD`; default: the last seven. */
  sync(userId: string, id: string, days: { startDate?: string; endDate?: string }): Promise<Job>
  /** Throws `Problem` 422 for a stream or day that makes no sense. */
  change(userId: string, id: string, settings: ConnectionSettings): Promise<PluginStatus>
  /** Sets the order in which sources speak for a kind that several of them have. */
  prefer(userId: string, ids: string[]): Promise<void>
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
  /**
   * Enters a value by hand, or takes it back (`null`). `metric`: `manual.ID` of a template's metric, or a source's field,
   * whose own value it then goes before. Values as stored; yes-no: 1 or 0. Throws `Problem` 422.
   */
  enter(userId: string, entry: { metric: string; date: string; value: number | string | null }): Promise<void>
  /**
   * Asks for the import of a day that somebody looks at, where it was never asked for and lies within the depth: one job
   * per connection. Gives the ids of the plugins whose values are on their way.
   */
  look(userId: string, date: string): Promise<string[]>
}

/** Where a setting's value comes from; what comes from the environment is locked. */
export type SettingOrigin = 'database' | 'environment' | 'default' | null

/** One setting as an admin sees it. A secret's value is never given. */
export interface AdminSetting {
  /** E.g. `plugin.your-plugin.client_id` or `global.base_url`. */
  key: string
  label: string
  description: string | null
  type: 'text' | 'password' | 'select' | 'checkbox'
  required: boolean
  placeholder: string | null
  options: { value: string; label: string }[]
  /** `null` for a secret and where none is set; `true` or `false` for a checkbox. */
  value: string | null
  isSet: boolean
  /** ISO 8601; only for what is in the database. */
  changedAt: string | null
  from: SettingOrigin
  locked: boolean
}

export interface AdminPlugin {
  id: string
  name: string
  icon: string
  description: string
  retired: { since: string; successor: string | null; note: string } | null
  /** Said on its card, where the plugin reads its client's secrets by itself. */
  readsOwnSecrets: boolean
  configured: boolean
  simulated: boolean
  /** Its fields, and last whether the simulated provider is used. */
  settings: AdminSetting[]
  setupInfo: { label: string; value: string; copyable: boolean }[]
}

export interface AdminConfiguration {
  global: AdminSetting[]
  plugins: AdminPlugin[]
  /** Plugins that were refused, each by a sentence that names file and fault. */
  refused: string[]
}

/** One thing that a test of a source's settings tried. */
export interface Check {
  name: string
  ok: boolean
  /** One sentence. */
  detail: string
}

export interface AdminUser {
  id: string
  name: string
  email: string
  role: 'user' | 'admin'
  disabled: boolean
  createdAt: string
  /** ISO 8601; `null`: no session. */
  lastSeenAt: string | null
}

export interface Schedule {
  /** When the next slot falls due, ISO 8601. */
  nextAt: string
  /** The newest first. */
  slots: { at: string; ranAt: string; jobs: number }[]
  /** Connections that the schedule serves. */
  connections: number
}

/** For admins: every call throws `Problem` 403 for anybody else. */
export interface Admin {
  configuration(userId: string): Promise<AdminConfiguration>
  /** Sets values by key; `null` takes one away. Throws `Problem` 422 (unknown key, bad value) or 409 (locked). */
  configure(userId: string, values: Record<string, string | null>): Promise<AdminConfiguration>
  /** Really tries a source's settings. */
  test(userId: string, pluginId: string): Promise<Check[]>
  users(userId: string): Promise<AdminUser[]>
  /** Makes a one-time link; `email`: only for this address. */
  invite(
    userId: string,
    invitation: { email?: string | undefined; role: 'user' | 'admin' },
  ): Promise<{ link: string; expiresAt: string }>
  /** Throws `Problem` 409 where no admin would be left. */
  changeUser(
    userId: string,
    id: string,
    change: { disabled?: boolean | undefined; role?: 'user' | 'admin' | undefined },
  ): Promise<AdminUser>
  schedule(userId: string): Promise<Schedule>
}

export type ManualType = 'number' | 'duration' | 'time' | 'yes-no' | 'text'

/** One line of a template: what a source gives (External), or what the user enters (Manual). */
export type Metric =
  | { type: 'external'; id: string; name: string; source: string; unit: string | null }
  | { type: 'manual'; id: string; name: string; valueType: ManualType; unit: string | null }

export interface MetricTemplate {
  id: string
  name: string
  /** Whether Today shows it. */
  chosen: boolean
  metrics: Metric[]
}

/** A metric as it is written: a Manual one keeps its `id`, and with it its entries; a new one has none. */
export type NewMetric =
  | { type: 'external'; name: string; source: string; unit?: string | null | undefined }
  | {
      type: 'manual'
      id?: string | undefined
      name: string
      valueType: ManualType
      unit?: string | null | undefined
    }

export interface NewTemplate {
  name: string
  chosen?: boolean | undefined
  metrics: NewMetric[]
}

export interface MetricTemplates {
  /** In their order; a user who made none has none. */
  list(userId: string): Promise<MetricTemplate[]>
  /** Throws `Problem` 404. */
  get(userId: string, id: string): Promise<MetricTemplate>
  /** Throws `Problem` 422 for a source that no plugin has, or a bad name. */
  create(userId: string, template: NewTemplate): Promise<MetricTemplate>
  replace(userId: string, id: string, template: NewTemplate): Promise<MetricTemplate>
  remove(userId: string, id: string): Promise<void>
  /** The ids of all templates in their new order. */
  reorder(userId: string, ids: string[]): Promise<void>
}

export interface NewUpload {
  fileName: string
  content: AsyncIterable<Uint8Array>
  /** Asked after the content: the mapping as JSON, or `undefined` for what is guessed. */
  mapping(): string | undefined
}

export interface UploadInfo {
  id: string
  fileName: string
  bytes: number
  /** The first and last day that it touched; `null` until it is read. */
  from: string | null
  to: string | null
  createdAt: string
  undone: boolean
  jobId: string | null
}

export interface Uploads {
  /** How a file is read, by its first 256 KiB: the mapping that an upload takes. Throws `Problem` 422. */
  guess(id: string, beginning: Uint8Array): Promise<unknown>
  /** Keeps a file and asks for its import. Throws `Problem` 422 with what is wrong and what to do. */
  receive(userId: string, id: string, upload: NewUpload): Promise<Job>
  /** The newest first. */
  list(userId: string, id: string): Promise<UploadInfo[]>
  /** Takes one back. Throws `Problem` 404. */
  undo(userId: string, uploadId: string): Promise<void>
}

/** Everything that happens without a browser, as web and worker use it. */
export interface Engine {
  readonly publicUrl: string
  readonly accounts: Accounts
  readonly plugins: Plugins
  readonly jobs: Jobs
  readonly metrics: Metrics
  readonly templates: MetricTemplates
  readonly uploads: Uploads
  readonly admin: Admin
  /** Whether any source may be simulated now, so that the simulated providers have to answer. */
  isSimulating(): Promise<boolean>
  /** The current time, by the engine's clock. */
  now(): Temporal.Instant
  /** Throws where the database does not answer. */
  checkReady(): Promise<void>
}
