import * as oauth from 'oauth4webapi'
import { readAccountId } from '../account-id.ts'
import { ImportError } from '../errors.ts'
import type { Answer } from '../http.ts'
import type { OAuth2 } from './auth.ts'
import { readTokenRefusal } from './token-refusal.ts'
import type { OAuth2Client, TokenSet } from './token-set.ts'

/** A hundred years. */
const longestSeconds = 100 * 365 * 86_400

export interface OAuth2HelperOptions {
  fetch: typeof globalThis.fetch
  now(): Temporal.Instant
}

/**
 * Speaks OAuth 2.0 with a provider, with its declared deviations: the authorization request, the exchange of a code,
 * refresh and revocation. It keeps nothing.
 *
 * Errors are `ImportError`s: `reauthorize` for a grant that the provider refuses, `misconfigured` for a client that it
 * refuses (see `token-refusal.ts`), `unavailable` for everything that may pass.
 */
export class OAuth2Helper {
  readonly #auth: OAuth2
  readonly #client: OAuth2Client
  readonly #options: OAuth2HelperOptions
  readonly #server: oauth.AuthorizationServer

  constructor(auth: OAuth2, client: OAuth2Client, options: OAuth2HelperOptions) {
    this.#auth = auth
    this.#client = client
    this.#options = options
    this.#server = {
      issuer: auth.issuer ?? new URL(auth.authorizationUrl).origin,
      authorization_response_iss_parameter_supported: auth.issParameter ?? false,
      authorization_endpoint: auth.authorizationUrl,
      token_endpoint: auth.tokenUrl,
      ...(auth.revokeUrl ? { revocation_endpoint: auth.revokeUrl } : {}),
    }
  }

  static createState(): string {
    return oauth.generateRandomState()
  }

  static createCodeVerifier(): string {
    return oauth.generateRandomCodeVerifier()
  }

  /** Whether a callback, good or bad, comes from this server as far as `iss` tells (RFC 9207, 2.4). */
  isFromIssuer(callback: URLSearchParams): boolean {
    const { issuer, issParameter } = this.#auth
    const named = callback.getAll('iss')
    if (issuer === undefined) return true
    return named.length === 0 ? !issParameter : named.every((iss) => iss === issuer)
  }

  /** Where the browser is sent (RFC 6749, 4.1.1; RFC 7636, 4.3). */
  async authorizationUrl(flow: { state: string; codeVerifier: string; scopes?: string[] }): Promise<URL> {
    const url = new URL(this.#auth.authorizationUrl)
    const parameters: Record<string, string> = {
      ...this.#auth.authorizationParams,
      response_type: 'code',
      client_id: this.#client.clientId,
      redirect_uri: this.#client.redirectUri,
      scope: (flow.scopes ?? this.#auth.scopes).join(this.#auth.scopeSeparator ?? ' '),
      state: flow.state,
    }
    if (this.#usesPkce) {
      parameters['code_challenge'] = await oauth.calculatePKCECodeChallenge(flow.codeVerifier)
      parameters['code_challenge_method'] = 'S256'
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url
  }

  /** Exchanges the code of a callback for tokens (RFC 6749, 4.1.3). */
  exchangeCode(callback: URLSearchParams, flow: { state: string; codeVerifier: string }): Promise<TokenSet> {
    return this.#ask(async () => {
      const answer = new URLSearchParams(callback)
      // Without a declared issuer there is nothing to compare it with.
      if (this.#auth.issuer === undefined) answer.delete('iss')
      const checked = oauth.validateAuthResponse(this.#server, this.#oauthClient, answer, flow.state)
      const response = await oauth.authorizationCodeGrantRequest(
        this.#server,
        this.#oauthClient,
        this.#clientAuth,
        checked,
        this.#client.redirectUri,
        this.#usesPkce ? flow.codeVerifier : oauth.nopkce,
        this.#requestOptions,
      )
      return this.#tokenSet(
        await oauth.processAuthorizationCodeResponse(this.#server, this.#oauthClient, response),
      )
    })
  }

  /** Exchanges a refresh token (RFC 6749, 6). A provider that does not rotate gives none back: the old one stays. */
  refresh(refreshToken: string): Promise<TokenSet> {
    return this.#ask(async () => {
      const response = await oauth.refreshTokenGrantRequest(
        this.#server,
        this.#oauthClient,
        this.#clientAuth,
        refreshToken,
        this.#requestOptions,
      )
      const tokens = this.#tokenSet(
        await oauth.processRefreshTokenResponse(this.#server, this.#oauthClient, response),
      )
      return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
    })
  }

  /** Revokes tokens (RFC 7009, or the declared way). Does nothing where the provider has no such address. */
  async revoke({ accessToken, refreshToken }: Pick<TokenSet, 'accessToken' | 'refreshToken'>): Promise<void> {
    const { revokeUrl, revocation } = this.#auth
    if (!revokeUrl) return
    await this.#ask(async () => {
      if (revocation) return this.#revokeOwnWay(revokeUrl, revocation, accessToken)
      const response = await oauth.revocationRequest(
        this.#server,
        this.#oauthClient,
        this.#clientAuth,
        refreshToken ?? accessToken,
        this.#requestOptions,
      )
      await oauth.processRevocationResponse(response)
    })
  }

  async #revokeOwnWay(
    revokeUrl: string,
    { method = 'POST', queryParameter }: NonNullable<OAuth2['revocation']>,
    accessToken: string,
  ): Promise<void> {
    const url = new URL(revokeUrl)
    if (queryParameter) url.searchParams.set(queryParameter, accessToken)
    const headers: Record<string, string> = queryParameter ? {} : { authorization: `Bearer ${accessToken}` }
    const response = await this.#options.fetch(url.href, { method, headers })
    await response.body?.cancel()
    if (!response.ok)
      throw new ImportError('unavailable', `The provider did not revoke (${response.status}).`)
  }

  get #usesPkce(): boolean {
    return this.#auth.pkce ?? true
  }

  get #oauthClient(): oauth.Client {
    return { client_id: this.#client.clientId }
  }

  get #clientAuth(): oauth.ClientAuth {
    return this.#auth.clientAuth === 'body'
      ? oauth.ClientSecretPost(this.#client.clientSecret)
      : basicAuth(this.#client)
  }

  get #requestOptions() {
    return {
      [oauth.customFetch]: (url: string, init: RequestInit) => this.#fetch(url, init),
      // The core's client decides which addresses may be asked without TLS: only those of a simulated provider.
      [oauth.allowInsecureRequests]: true,
    }
  }

  /** Sends a request; throws what a token endpoint refuses, and reads its response as the standard's otherwise. */
  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const response = await this.#options.fetch(url, init)
    if (url !== this.#auth.tokenUrl) return response
    const raw: unknown = await response.json().catch(() => undefined)
    const body = raw === undefined ? undefined : this.#mend(raw, response.status)
    const refusal = readTokenRefusal(response, body, this.#options.now())
    if (refusal) throw refusal
    return Response.json(body ?? null)
  }

  #mend(body: Answer, status: number): Answer {
    try {
      return this.#auth.mendTokenAnswer?.(body, status) ?? body
    } catch (cause) {
      throw new ImportError('plugin-failed', 'The plugin failed while reading the token response.', { cause })
    }
  }

  #tokenSet(answer: oauth.TokenEndpointResponse): TokenSet {
    const accountId = this.#auth.accountIdKey ? answer[this.#auth.accountIdKey] : undefined
    return {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? null,
      expiresAt: this.#endAfter(answer.expires_in),
      refreshExpiresAt: this.#refreshEnd(answer),
      scopes: answer.scope?.split(this.#auth.scopeSeparator ?? ' ').filter(Boolean) ?? null,
      accountId: readAccountId(accountId) ?? null,
    }
  }

  #refreshEnd(answer: oauth.TokenEndpointResponse): Temporal.Instant | null {
    const told = this.#endAfter(Number(answer['refresh_token_expires_in'] ?? Number.NaN))
    const { refreshTokenDays } = this.#auth
    if (told || answer.refresh_token === undefined || refreshTokenDays === undefined) return told
    return this.#options.now().add({ hours: refreshTokenDays * 24 })
  }

  /** A number of seconds that no calendar holds tells nothing; the tokens beside it are good, and the old ones gone. */
  #endAfter(seconds = Number.NaN): Temporal.Instant | null {
    if (!(Math.abs(seconds) < longestSeconds)) return null
    return this.#options.now().add({ seconds: Math.floor(seconds) })
  }

  async #ask<Result>(request: () => Promise<Result>): Promise<Result> {
    try {
      return await request()
    } catch (error) {
      throw translate(error)
    }
  }
}

/**
 * HTTP Basic (RFC 6749, 2.3.1), encoded no more than a URL needs: what the standard would escape beyond that (`-`, `.`, `_`)
 * many providers do not unescape.
 */
function basicAuth({ clientId, clientSecret }: OAuth2Client): oauth.ClientAuth {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
  return (_server, _client, _body, headers) => headers.set('authorization', `Basic ${btoa(pair)}`)
}

function translate(cause: unknown): ImportError {
  if (cause instanceof ImportError) return cause
  return new ImportError('unavailable', 'The provider did not give a usable token response.', { cause })
}
