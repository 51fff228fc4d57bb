import type { Accounts } from './accounts.ts'
import type { Admin } from './admin.ts'
import type { Events } from './events.ts'
import type { Jobs } from './jobs.ts'
import type { Remaps } from './remaps.ts'
import type { Metrics } from './metrics.ts'
import type { Plugins } from './plugins.ts'
import type { MetricTemplates } from './templates.ts'
import type { Uploads } from './uploads.ts'
import type { Problem } from '../domain/problem.ts'

export type * from './accounts.ts'
export type * from './signed-in.ts'
export type * from './api-tokens.ts'
export type * from './second-step.ts'
export type * from './sessions.ts'
export type * from './plugins.ts'
export type * from './coverage.ts'
export type * from './jobs.ts'
export type * from './events.ts'
export type * from './daily-value.ts'
export type * from './metrics.ts'
export type * from './value-changes.ts'
export type * from './remaps.ts'
export type * from './comparison.ts'
export type * from './explanation.ts'
export type * from './templates.ts'
export type * from './uploads.ts'
export type * from './admin.ts'
export type * from './audit.ts'

/** Everything that happens without a browser, as web and worker use it. */
export interface Engine {
  readonly publicUrl: string
  /** Further host names that it answers to. */
  readonly otherHosts: readonly string[]
  readonly accounts: Accounts
  readonly plugins: Plugins
  readonly jobs: Jobs
  readonly events: Events
  readonly metrics: Metrics
  readonly remaps: Remaps
  readonly templates: MetricTemplates
  readonly uploads: Uploads
  readonly admin: Admin
  /** Whether any source may be simulated now, so that the simulated providers have to answer. */
  isSimulating(): Promise<boolean>
  /** Does work for an HTTP request, so that the audit log can name it. */
  duringRequest<Result>(request: { id: string; address(): string }, work: () => Result): Result
  /** Tells the log of an error that nobody expected: where it happened, never what was sent. */
  noteError(error: unknown, where: { requestId: string; method: string; route: string | null }): void
  /** What somebody is told of an error that is a fault of the machine or the database; `undefined` where it is none. */
  problemOf(error: unknown): Problem | undefined
  /** The current time, by the engine's clock. */
  now(): Temporal.Instant
  /** Throws where the database does not answer. */
  checkReady(): Promise<void>
}
