import type { Answer } from './http/answer.ts'
import type { LabRequest } from './http/lab-request.ts'
import type { IssuedLog } from './issued-log.ts'
import type { Person } from './person/person.ts'
import type { LabStore } from './store/lab-store.ts'

/** One simulated provider: a file or folder in `sources/` and a line in `sources/index.ts`. */
export interface Source {
  readonly id: string
  /** The client id it gave to whoever uses the lab. */
  readonly clientId: string
  /** Answers every request under the source's prefix. */
  simulate(world: World): (request: LabRequest) => Promise<Answer>
}

/** What a simulated provider stands in. */
export interface World {
  readonly source: string
  readonly person: Person
  readonly clock: () => Temporal.Instant
  readonly store: LabStore
  readonly issued: IssuedLog
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  readonly redirectUri: () => string
  /** Requests allowed in the source's own window; undefined: as many as the provider really allows. */
  readonly requestLimit: number | undefined
}
