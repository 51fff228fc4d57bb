import type { ApiToken, NewApiToken, TokenScope } from '@tributary/api'
import type { SignedIn } from './signed-in.ts'

export type { ApiToken, NewApiToken, TokenScope }

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
