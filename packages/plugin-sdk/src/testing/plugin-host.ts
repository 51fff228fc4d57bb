import type { BaseIntegrationHandler } from '../handler.ts'
import type { DataImportPlugin } from '../plain/types.ts'
import type { Lab, Simulated } from './lab.ts'
import type { Paging } from './suite.ts'

/** Runs plugins for their contract suite as an installation of Tributary does. The engine's is `@tributary/plugin-host`. */
export interface PluginHost {
  /** Starts an installation that has this plugin alone, and the simulated source that it reaches. */
  open(plugin: BaseIntegrationHandler | DataImportPlugin, lab: Lab, paging?: Paging): Promise<Installation>
}

/** An installation with one plugin, on a database and a clock of its own. */
export interface Installation {
  readonly source: Simulated
  now(): Temporal.Instant
  /** Moves the clock on and lets what waited for its time go on. */
  pass(duration: Temporal.DurationLike): Promise<void>
  /** Adds a user who lives in the source's zone and has nothing connected. */
  addUser(): Promise<TestUser>
  /** Changes what the source responds until `restore` is called. */
  interfere(interference: Interference): void
  restore(): void
  /** How many requests the source was sent since the installation was opened. */
  requests(): number
  close(): Promise<void>
}

/** What happens to the source's responses between it and the plugin. */
export interface Interference {
  /** Tested against path and query of a request. */
  path: RegExp
  /** How many requests it happens to; all unless given. */
  times?: number
  respond: InterferingResponse
}

export type InterferingResponse =
  /** This response; the source is sent nothing. A body that is no text is sent as JSON. */
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** The source's response, broken off in its body. */
  | 'truncate'
  /** The source's response with its body changed. */
  | { edit(body: string): string }
  /** Each page after the first one repeats the last item of the page before: an item came in while pages were fetched. */
  | { pages: 'repeat' }

/** A user, and their connection to the source where they have one. */
export interface TestUser {
  /** Connects the source and imports its days from the given one on. Rejects where the source cannot be connected. */
  connect(from: string): Promise<ImportOutcome>
  /** Imports days, both included, or what is due. Of a file source: uploads the file as it is now. */
  import(days?: { from: string; to: string }): Promise<ImportOutcome>
  /** The job that `import` requested last, as it is now. */
  lastImport(): Promise<ImportOutcome>
  /** The daily values of these fields; `null` where there is none. */
  values(fields: string[], days: { from: string; to: string }): Promise<DayValues[]>
  connection(): Promise<ConnectionStatus>
  /** Makes the tokens that the connection has now expire. */
  expireToken(): Promise<void>
  /** Deletes the user with everything that is theirs. */
  leave(): Promise<void>
}

/** How an import job ended, or why it does not yet. */
export interface ImportOutcome {
  status: 'queued' | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'partial' | 'failed' | 'cancelled'
  reason: string | null
  counts: { new: number; changed: number; unchanged: number; removed: number; rejected: number }
  /** When it goes on by itself, while it is `waiting` or `retrying`. */
  continuesAt: Temporal.Instant | null
}

export interface ConnectionStatus {
  connected: boolean
  /** `null`: never connected. */
  state:
    | 'connected'
    | 'retrying'
    | 'needs-reauthorization'
    | 'misconfigured'
    | 'paused'
    | 'retired'
    | 'disconnected'
    | null
}

export interface DayValues {
  /** `YYYY-MM-DD` */
  date: string
  values: Record<string, number | string | null>
}
