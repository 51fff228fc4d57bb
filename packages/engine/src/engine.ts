import type { Accounts } from './contract/accounts.ts'
import type { Admin } from './contract/admin.ts'
import type { Jobs } from './contract/jobs.ts'
import type { Remaps } from './contract/remaps.ts'
import type { Metrics } from './contract/metrics.ts'
import type { Plugins } from './contract/plugins.ts'
import type { MetricTemplates } from './contract/templates.ts'
import type { Uploads } from './contract/uploads.ts'
import type { Problem } from './problem.ts'

export type * from './contract/accounts.ts'
export type * from './contract/api-tokens.ts'
export type * from './contract/second-step.ts'
export type * from './contract/sessions.ts'
export type * from './contract/plugins.ts'
export type * from './contract/coverage.ts'
export type * from './contract/jobs.ts'
export type * from './contract/metrics.ts'
export type * from './contract/remaps.ts'
export type * from './contract/comparison.ts'
export type * from './contract/explanation.ts'
export type * from './contract/templates.ts'
export type * from './contract/uploads.ts'
export type * from './contract/admin.ts'
export type * from './contract/audit.ts'

/** Everything that happens without a browser, as web and worker use it. */
export interface Engine {
  readonly publicUrl: string
  /** Further host names that it answers to. */
  readonly otherHosts: readonly string[]
  readonly accounts: Accounts
  readonly plugins: Plugins
  readonly jobs: Jobs
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
