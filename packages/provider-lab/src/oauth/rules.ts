import type { Answer } from '../http/answer.ts'

/** How a provider's OAuth server deviates from the next one's. All durations in seconds. */
export interface OAuthRules {
  /** Under the source's own prefix. */
  readonly paths: {
    readonly authorize: string
    readonly token: string
    readonly revoke?: string
    readonly introspect?: string
  }
  readonly scopes: readonly { readonly id: string; readonly label: string }[]
  readonly scopeSeparator: ' ' | ','
  /** Where the client's id and secret are expected at the token endpoint. */
  readonly clientAuth: 'basic' | 'body' | 'either'
  readonly pkce: 'required' | 'optional'
  /** A request with a fault goes back to its client as `error`, or the person is shown a page and stays. */
  readonly faultyRequest: 'redirect' | 'page'
  /** Why the provider would not let a client register this redirect URI; undefined where it would. */
  readonly redirectUriProblem?: (redirectUri: string) => string | undefined
  /**
   * It remembers what the person allowed a client: a consent may add to earlier ones (`include_granted_scopes`), there is a
   * refresh token only for `access_type=offline` and after the first time only with `prompt=consent`, and revoking one token
   * ends them all.
   */
  readonly remembersConsent: boolean
  /** What the redirect with a code says besides it. */
  readonly codeRedirect?: (scopes: readonly string[], query: URLSearchParams) => Record<string, string>
  /** What every code begins with. */
  readonly codePrefix?: string
  readonly codeLifetime: number
  readonly accessLifetime: number
  readonly refresh: {
    /** A refresh token that rotates serves once and is replaced. */
    readonly rotates: boolean
    /** How long a repeat of a rotating token's use still gets the same answer. */
    readonly repeatWindow: number
    /** How long one lives from the consent on, if never replaced; undefined: for ever. */
    readonly lifetime?: number
  }
  readonly revocation: {
    /** `client`: only the authenticated client may; `anyone`: whoever has the token, also as `?token=`. */
    readonly by: 'client' | 'anyone'
    /** Whether a token that is unknown is an error; RFC 7009 says it is none. */
    readonly refusesUnknown: boolean
    /** The body of a success; none unless given. */
    readonly body?: unknown
  }
  /** The account that the person has there. */
  readonly account: string
  readonly issuer: string
  /** What every redirect names as `iss` (RFC 9207); none unless given. */
  readonly redirectIssuer?: string
  /** The token answer's body, from its standard fields and what was shown for it. */
  readonly tokenBody: (token: TokenAnswer, shown: Shown) => unknown
  readonly errorAnswer: (refusal: TokenRefusal) => Answer
}

/** What a client exchanges for tokens. */
export type Shown = 'code' | 'refresh_token'

export interface TokenAnswer {
  readonly access_token: string
  readonly expires_in: number
  /** Left out where the provider gives none. */
  readonly refresh_token?: string
  readonly scope: string
  readonly token_type: 'Bearer'
}

export interface TokenRefusal {
  readonly status: 400 | 401
  readonly error:
    'invalid_client' | 'invalid_grant' | 'invalid_request' | 'invalid_token' | 'unsupported_grant_type'
  readonly message: string
  /** What was refused, for `invalid_grant`. */
  readonly shown?: Shown
}
