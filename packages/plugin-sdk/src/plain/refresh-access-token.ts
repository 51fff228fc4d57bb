import { OAuth2Helper } from '../auth/oauth2-helper.ts'
import type { TokenSet } from '../auth/token-set.ts'
import { oauth2 } from '../auth/auth.ts'
import type { OAuthConfig, OAuthCredentials } from './types.ts'

/** Exchanges a refresh token by a plain plugin's OAuth settings. The client's secret goes into the form. */
export async function refreshAccessToken(
  config: OAuthConfig,
  refreshToken: string,
): Promise<OAuthCredentials> {
  const { clientId, clientSecret, redirectUri } = config
  const helper = new OAuth2Helper(
    authOf(config),
    { clientId, clientSecret, redirectUri },
    {
      fetch: (input, init) => globalThis.fetch(input, init),
      now: () => Temporal.Now.instant(),
    },
  )
  return toCredentials(await helper.refresh(refreshToken))
}

export function authOf({ authorizationUrl, tokenUrl, scopes, usePKCE = true }: OAuthConfig) {
  return oauth2({ authorizationUrl, tokenUrl, scopes, pkce: usePKCE, clientAuth: 'body' })
}

export function toCredentials({ accessToken, refreshToken, expiresAt, scopes }: TokenSet): OAuthCredentials {
  return {
    accessToken,
    refreshToken: refreshToken ?? '',
    ...(expiresAt ? { expiresAt: new Date(expiresAt.epochMilliseconds) } : {}),
    ...(scopes ? { scope: scopes.join(' ') } : {}),
  }
}

/** Throws a `TypeError` where a plugin returns no access token. */
export function toTokenSet({ accessToken, refreshToken, expiresAt, scope }: OAuthCredentials): TokenSet {
  if (typeof accessToken !== 'string' || accessToken === '') throw new TypeError('there is no access token')
  return {
    accessToken,
    refreshToken: refreshToken || null,
    // A moment that cannot be read says nothing of the token beside it.
    expiresAt: Number.isFinite(expiresAt?.getTime()) ? (expiresAt?.toTemporalInstant() ?? null) : null,
    refreshExpiresAt: null,
    scopes: scope?.split(' ').filter(Boolean) ?? null,
    accountId: null,
  }
}
