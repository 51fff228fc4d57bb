import type { SignedIn } from './signed-in.ts'

/** `read`: what was measured and imported. `import`: syncs and uploads. `write`: all that is a user's own, but for the account. */
export type TokenScope = 'read' | 'write' | 'import'

/** A token as its user sees it later: without the token. */
export interface ApiToken {
  id: string
  name: string
  scopes: TokenScope[]
  createdAt: string
  /** ISO 8601; `null`: it works until it is revoked. */
  expiresAt: string | null
  /** ISO 8601, to the minute; `null`: never. */
  lastUsedAt: string | null
}

export interface NewApiToken {
  name: string
  scopes: TokenScope[]
  /** How long it works; `null`: until it is revoked. */
  days: number | null
}

/** Personal access tokens, by which programs use the API. */
export interface ApiTokens {
  list(userId: string): Promise<ApiToken[]>
  /** Gives the token itself, this once. Throws `Problem` 422 (bad name or scopes) or 409 (too many). */
  create(userId: string, wanted: NewApiToken): Promise<{ token: string; info: ApiToken }>
  /** Throws `Problem` 404 for any that is not this user's. */
  revoke(userId: string, id: string): Promise<void>
  /**
   * Whose a token is and what it may; `null` where it is unknown or expired, or its user disabled. Throws `Problem` 429 where
   * too many came from one address (`x-client-address`) that were none.
   */
  identify(token: string, headers: Headers): Promise<{ signedIn: SignedIn; scopes: TokenScope[] } | null>
}
