import type { Answer } from '../http.ts'

/** How a source is signed in to. */
export type Auth = OAuth2 | ApiKey | Upload

/** An OAuth 2.0 authorization server (RFC 6749) and where it deviates. */
export interface OAuth2 {
  type: 'oauth2'
  authorizationUrl: string
  tokenUrl: string
  /** RFC 7009, or as `revocation` says. Left out where the provider has none. */
  revokeUrl?: string
  /** The provider's own way to revoke, with the access token: as that parameter of the query, or as a bearer. */
  revocation?: { method?: 'POST' | 'DELETE'; queryParameter?: string }
  /** The server's issuer identifier; a callback that names another one as `iss` is refused (RFC 9207). */
  issuer?: string
  /** Whether the server names its issuer in every callback, so that one without `iss` is refused too. */
  issParameter?: boolean
  scopes: string[]
  /** Default: true, S256 (RFC 7636). */
  pkce?: boolean
  /** Where the client's secret goes: an HTTP Basic header (the default) or the form. */
  clientAuth?: 'header' | 'body'
  /** Default: a space. */
  scopeSeparator?: string
  /** Extra parameters of the authorization request, e.g. `access_type`. */
  authorizationParams?: Record<string, string>
  /** The key of the token answer that holds the account's id. */
  accountIdKey?: string
  /** How many days a refresh token lives, where the token answer does not say (`refresh_token_expires_in`). */
  refreshTokenDays?: number
  /** A refresh token that lives no longer than this is a sign of something that an admin can mend, as the note says. */
  endsEarly?: { days: number; note: string }
  /** Turns the provider's token or error answer into the standard's (RFC 6749, 5.1 and 5.2). */
  mendTokenAnswer?(body: Answer, status: number): Answer
}

/** Declares an OAuth 2.0 source. PKCE S256 and HTTP Basic unless it says otherwise. */
export function oauth2(options: Omit<OAuth2, 'type'>): OAuth2 {
  return { type: 'oauth2', ...options }
}

/** A key that the user copies from the provider's pages. */
export interface ApiKey {
  type: 'api-key'
  /** Where requests carry it: a header, `Authorization: Bearer`, HTTP Basic, or the query. */
  placement: 'header' | 'bearer' | 'basic' | 'query'
  /** The name of the header or of the query's parameter. */
  name?: string
  /** The half of HTTP Basic that is not the key; default: the key is the user name and the password is empty. */
  basic?: { password: string } | { userName: string }
  /** Where the user finds it, as one sentence. */
  help: string
  placeholder?: string
}

/** Declares a source that is asked with a key. */
export function apiKey(options: Omit<ApiKey, 'type'>): ApiKey {
  return { type: 'api-key', ...options }
}

/** A file that the user uploads; there is no service to sign in to. */
export interface Upload {
  type: 'upload'
}
