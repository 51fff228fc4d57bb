import type { z } from 'zod'
import type { ProblemCode } from './problem.ts'
import type { TokenScope } from './schemas/account.ts'

/** What a successful response is. The first status is the usual one. */
export type Answer =
  | { kind: 'json'; schema: z.ZodType; statuses: readonly number[] }
  /** JSON that is sent part by part, because it can be long. */
  | { kind: 'stream'; schema: z.ZodType; statuses: readonly number[] }
  /** Server-sent events: the data of each by its name. */
  | { kind: 'events'; events: Record<string, z.ZodType>; statuses: readonly number[] }
  | { kind: 'bytes'; types: readonly string[]; statuses: readonly number[] }
  /** The browser is sent on. Such an endpoint ignores query parameters that it does not know, because providers add theirs. */
  | { kind: 'redirect'; statuses: readonly number[] }

/** Who may use an endpoint, and the scopes of which an API token needs one; none: no token will do. */
export interface Access {
  for: 'anybody' | 'user' | 'admin'
  scopes: readonly TokenScope[]
}

/** All that is promised of one endpoint. What is left out of `query` and `body` is refused. */
export interface Endpoint extends Access {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** E.g. `/api/import-jobs/{id}`. */
  path: `/api/${string}`
  /** What it is for, in one line. */
  summary: string
  description?: string
  /** One schema for each `{name}` of the path; a path whose part does not fit is no address. */
  params?: z.ZodObject
  query?: z.ZodType
  /** A JSON body. */
  body?: z.ZodType
  /** The type of a body that is not JSON, which the handler reads as it arrives. */
  upload?: 'multipart/form-data' | 'application/octet-stream'
  answer: Answer
  /** The problems that are its own, beside those that `commonProblems` lists. */
  problems?: readonly ProblemCode[]
}

export const anybody = { for: 'anybody', scopes: [] } as const satisfies Access
/** Who is signed in, without a token: the account and what guards it. */
export const own = { for: 'user', scopes: [] } as const satisfies Access
export const reading = { for: 'user', scopes: ['read'] } as const satisfies Access
export const writing = { for: 'user', scopes: ['write'] } as const satisfies Access
export const importing = { for: 'user', scopes: ['import', 'write'] } as const satisfies Access
export const admin = { for: 'admin', scopes: [] } as const satisfies Access

export function json<Schema extends z.ZodType>(schema: Schema, ...statuses: number[]) {
  return { kind: 'json', schema, statuses: statuses.length === 0 ? [200] : statuses } as const
}

export function stream<Schema extends z.ZodType>(schema: Schema) {
  return { kind: 'stream', schema, statuses: [200] } as const
}

export function events<Events extends Record<string, z.ZodType>>(events: Events) {
  return { kind: 'events', events, statuses: [200] } as const
}

export function bytes(...types: string[]) {
  return { kind: 'bytes', types, statuses: [200] } as const
}

export const redirect = { kind: 'redirect', statuses: [302] } as const

/** Declares an endpoint. */
export function endpoint<const Declared extends Endpoint>(declared: Declared): Declared {
  return declared
}

/** The problems that any request to an endpoint can meet, by who may use it. */
export function commonProblems({ for: who }: Endpoint): ProblemCode[] {
  const codes: ProblemCode[] = [
    'broken-text',
    'cross-site',
    'database-unavailable',
    'disk-full',
    'internal',
    'invalid-input',
    'too-large',
    'unknown-host',
    // A token that comes with a request is checked, whoever may send it.
    'bad-token',
    'not-allowed',
    'too-many-attempts',
  ]
  if (who !== 'anybody') codes.push('signed-out')
  if (who === 'admin') codes.push('forbidden')
  return codes
}
