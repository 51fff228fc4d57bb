import type { Coverage, Days, StreamSummary } from './coverage.ts'
import type { Job } from './jobs.ts'
import type { Remap } from './remaps.ts'
import type { FieldKind, FieldType } from '@tributary/plugin-sdk'
import type { ConnectionState } from '../domain/states.ts'
import type { SignedIn } from './signed-in.ts'

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
      /** What its values are split by; `null` for a value of the whole day. */
      dimension: string | null
    }[]
    /** `null` while the service lives. */
    retired: { since: string; note: string } | null
    /** The id of the source that replaces it. */
    successor: string | null
  }
  /** How a user connects it: over the provider's consent page, by a key, or by an upload. */
  connectBy: 'oauth2' | 'api-key' | 'upload'
  /** Where the user finds the key, and what it looks like. */
  key: { help: string; placeholder: string | null } | null
  /** The connection that this is the status of; `null`: never connected. */
  connection: string | null
  /** What the user calls it; `null` where they gave it no name. */
  name: string | null
  /** All connections of the user to this source, the first one first. */
  connections: ConnectionSummary[]
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
  /** When it ends unless the user connects again, ISO 8601, and what an admin can do about it; `null`: nobody knows of an end. */
  ends: { at: string; note: string | null } | null
  /** The person's zone at a simulated provider, offered where the user's differs. */
  offeredTimeZone: string | null
  /** Its place in the user's order of preference, from 0; `null` where the user set none. */
  preference: number | null
  /** When it was first connected, which is its place where the user set none; `null` where it never was. */
  firstConnected: string | null
  history: HistoryStatus | null
  /** Its streams, as the user set them. */
  streams: {
    id: string
    name: string
    fields: string[]
    enabled: boolean
    granted: boolean
    /** One measurement in so many seconds is kept; 0: every one; `null`: there is nothing to choose. */
    keepEvery: number | null
  }[]
  /** Where its stored answers are being read again, or that waits for the user; else `null`. */
  remap: Pick<Remap, 'status' | 'because'> | null
  /** The job that is running or waiting, else the last one. */
  job: Job | null
}

/** One of several connections to a source. */
export interface ConnectionSummary {
  id: string
  /** What the user calls it, or else its number, e.g. "Account 2". */
  name: string
  state: ConnectionState
  enabled: boolean
  lastSync: string | null
}

/** How far a connection's history has come. */
export interface HistoryStatus {
  /** From this day on no day is missing; `null` where a stream was not asked yet. `YYYY-MM-DD` */
  reached: string | null
  /** The depth: the first day that will be asked for. */
  from: string
  /** Whether the user stopped it for now. */
  paused: boolean
  /** Days before the usual look-back that some stream was never asked for. */
  daysLeft: number
  /** How long they take at the speed of the last jobs of history; `null` before one has ended. */
  secondsLeft: number | null
}

/** What a user may change of a connection. What is left out stays. */
export interface ConnectionSettings {
  /** What the user calls the connection; empty: nothing. */
  name?: string | undefined
  enabled?: boolean | undefined
  /** The ids of the streams that are imported. */
  streams?: string[] | undefined
  /** The depth: no day before it is asked for. `YYYY-MM-DD`. */
  historyFrom?: string | undefined
  /** How many seconds make one measurement, by stream: 60, 300, 900, or 0 for every one; holds from the next import on. */
  keepEvery?: Record<string, number> | undefined
  /** Stops history after the part that is running, or lets it go on. */
  historyPaused?: boolean | undefined
}

/**
 * The sources of a user. `connection` names one of several connections to a source by its id; the first one is meant unless it is
 * given. Throws `Problem` 404 `unknown-connection` where the source has no such connection.
 */
export interface Plugins {
  list(userId: string): Promise<PluginStatus[]>
  /** Throws `Problem` 404 `unknown-plugin`. */
  get(userId: string, id: string, connection?: string): Promise<PluginStatus>
  /**
   * Returns the address at the provider that the browser is sent to. `connection`: `new` for another account. Throws `Problem` with
   * the code for `?error=`.
   */
  startAuthorization(signedIn: SignedIn, id: string, connection?: string): Promise<URL>
  /**
   * Takes the provider's callback; delivered again, it ends as the first one did. `under-way`: the first one is still at work.
   * Throws `Problem` with the code for `?error=`.
   */
  finishAuthorization(
    signedIn: SignedIn,
    id: string,
    callback: URLSearchParams,
  ): Promise<'connected' | 'under-way'>
  /** Connects by a key, checked first. `connection`: `new` for another account. Throws `Problem` 422 where the source refuses it. */
  setKey(signedIn: SignedIn, id: string, key: string, connection?: string): Promise<PluginStatus>
  /** `notice`: what is left to do at the provider, which could not be told; else `null`. */
  disconnect(
    userId: string,
    id: string,
    options: { deleteData: boolean; connection?: string | undefined },
  ): Promise<{ notice: string | null }>
  /**
   * Asks for an import and waits a few seconds for its end. Days are `YYYY-MM-DD`; default: the last seven. Throws `Problem`
   * 409 where it is not connected, or `switched-off` by its user.
   */
  sync(
    userId: string,
    id: string,
    days: { startDate?: string; endDate?: string },
    connection?: string,
  ): Promise<Job>
  /** What is known of a range's days. Throws `Problem` 404 `unknown-plugin` or `not-connected`. */
  coverage(userId: string, id: string, range: Days, connection?: string): Promise<Coverage>
  /** What each stream has. Throws as `coverage` does. */
  streams(userId: string, id: string, connection?: string): Promise<StreamSummary[]>
  /** Throws `Problem` 422 for a stream, day or detail that makes no sense. */
  change(userId: string, id: string, settings: ConnectionSettings, connection?: string): Promise<PluginStatus>
  /** Sets the order in which sources speak for a kind that several of them have. */
  prefer(userId: string, ids: string[]): Promise<void>
  /** Makes all sources simulated ones, while none is configured. Throws `Problem` 409. For admins. */
  simulateAll(userId: string): Promise<void>
}
