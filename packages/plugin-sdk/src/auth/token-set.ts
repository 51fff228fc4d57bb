/** The client that an admin registered at the provider. */
export interface OAuth2Client {
  clientId: string
  clientSecret: string
  redirectUri: string
}

/** What a connection keeps. `refreshToken` is `null` where the provider gives none. */
export interface TokenSet {
  accessToken: string
  refreshToken: string | null
  /** `null`: it does not say. */
  expiresAt: Temporal.Instant | null
  /** When the refresh token ends; `null`: not that anybody knew. */
  refreshExpiresAt: Temporal.Instant | null
  /** The granted scopes; `null`: all that were asked for. */
  scopes: string[] | null
  /** The account's id at the provider, where the token answer names it. */
  accountId: string | null
}
