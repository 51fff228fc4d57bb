import type { Paging } from './faults/turn-pages.ts'
import type { Answer } from './http/answer.ts'
import type { LabRequest } from './http/lab-request.ts'
import type { IssuedLog } from './issued-log.ts'
import type { Person } from './person/person.ts'
import type { Uploaded } from './person/uploaded.ts'
import type { LabStore } from './store/lab-store.ts'

/** One simulated provider: a file or folder in `sources/` and a line in `sources/index.ts`. */
export interface Source {
  readonly id: string
  /** The client id it gave to whoever uses the lab. */
  readonly clientId: string
  /** The API key that the person made there, where the service is asked with one. */
  readonly apiKey?: string
  /** A key that is no secret, for whoever tries the simulation out. */
  readonly openKey?: string
  /** How its answers go on, where they come in pages. */
  readonly paging?: Paging
  /** Answers every request under the source's prefix. */
  simulate(world: World): (request: LabRequest) => Promise<Answer>
  /** What is true of a day of that zone beyond `TrueDay`, for what this provider alone tells. */
  truth?(uploaded: Uploaded, date: string, zone: string): Readonly<Record<string, unknown>>
}

/** What may be set for one source; each of them means nothing to a source that has no such thing. */
export interface SourceOptions {
  /** Google: the client is in testing mode, hence its refresh tokens die after seven days. */
  readonly testing?: boolean
  /** Google: a redirect URI that it would not let a client register is refused. */
  readonly checksRedirectUri?: boolean
  /** Google Health: the app is unverified, hence its project may ask 2.5 times a second. */
  readonly unverified?: boolean
  /** Google Health: the account has never been linked to Google Health when false. */
  readonly linked?: boolean
  /** Google Health: days whose night is never finished: its stages are still computed, or the session has no end. */
  readonly unprocessedNights?: readonly string[]
  readonly endlessNights?: readonly string[]
  /** Google Health: at most so many sessions or days in a page; as many as it really gives unless given. */
  readonly largestPage?: number
  /** Google Health: seconds from one heart rate point to the next; 60 unless given, in reality about 2. */
  readonly heartRateSeconds?: number
}

/** What a simulated provider stands in. */
export interface World {
  /** The id under which it is reached: the source's own or an alias. */
  readonly source: string
  /** As it is known to the source at this moment. */
  readonly person: Person
  readonly clock: () => Temporal.Instant
  readonly store: LabStore
  readonly issued: IssuedLog
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  readonly redirectUri: () => string
  /** Requests allowed in the source's own window; undefined: as many as the provider really allows. */
  readonly requestLimit: number | undefined
  readonly options: SourceOptions
}
