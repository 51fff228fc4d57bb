import type { Coverage, Days, Job, PluginStatus, StreamSummary } from '@tributary/api'
import type { SignedIn } from './signed-in.ts'

export type { ConnectionSummary, HistoryStatus, PluginStatus } from '@tributary/api'

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
