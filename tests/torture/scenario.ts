import type { DatabaseProxy } from '../../packages/engine/src/testing/database-proxy.ts'
import type { HttpUser } from '../harness/http-user.ts'
import type { Hub } from './hub.ts'
import type { Prober } from './prober.ts'

/** One kind of trouble that a running installation must survive. */
export interface Scenario {
  /**
   * `embedded`: the application runs its own PostgreSQL; `outside`: the database is on a server of the torture's own;
   * `proxied`: the same, reached through a proxy.
   */
  database: 'embedded' | 'outside' | 'proxied'
  /** How many worker processes run beside one web process; without it one process does everything. */
  workers?: number
  /** How long the pages may answer only 503, in milliseconds; default 2,000. `Infinity` where the trouble lasts that long. */
  longestOutageMs?: number
  /** Whether the trouble ends the sessions of users, so that some requests are redirected to the sign-in. */
  endsSessions?: boolean
  /** Prepares the data folder before anything starts. Returns what undoes it. */
  prepareFolder?(folder: string): Promise<() => Promise<void>>
  /** More settings of the application. */
  environment?(folder: string): Record<string, string>
  /** Inflicts the trouble and ends it. Returns what was done, in numbers. */
  inflict(stage: Stage): Promise<string>
}

/** What a scenario works on: the application, two users, and the means to disturb. */
export interface Stage {
  hub: Hub
  /** A temporary folder of this scenario; the data folder is in it. */
  folder: string
  /** The user who imports, an admin. */
  ada: HttpUser
  /** The other user, whose pages are measured. */
  ben: HttpUser
  prober: Prober
  proxy: DatabaseProxy
  /** Runs SQL as the owner of the database, past any proxy. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** Starts imports of all of Ada's sources without waiting for their end. */
  startImports(): Promise<void>
  /** Requests the days of one of Ada's sources again, and waits a few seconds for the end of that import. */
  importAgain(source: string): Promise<void>
  /** Resolves when none of Ada's jobs is open. */
  settled(): Promise<void>
  /** Where the application did not cope, as sentences; the scenario adds to it. */
  faults: string[]
  /** Multiplies every allowed duration, for slow machines. */
  factor: number
}

/** The scenario cannot be played on this machine; the message says why. */
export class NotPossibleHere extends Error {}
