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
  readonly clientAuth: 'basic' | 'body'
  readonly pkce: 'required' | 'optional'
  readonly codeLifetime: number
  readonly accessLifetime: number
  readonly refresh: {
    /** A refresh token that rotates serves once and is replaced. */
    readonly rotates: boolean
    /** How long a repeat of a rotating token's use still gets the same answer. */
    readonly repeatWindow: number
  }
  /** The account that the person has there. */
  readonly account: string
  readonly issuer: string
  /** The token answer's body, from its standard fields. */
  readonly tokenBody: (token: TokenAnswer) => unknown
  readonly errorAnswer: (refusal: TokenRefusal) => Answer
}

export interface TokenAnswer {
  readonly access_token: string
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
  readonly token_type: 'Bearer'
}

export interface TokenRefusal {
  readonly status: 400 | 401
  readonly error: 'invalid_client' | 'invalid_grant' | 'invalid_request' | 'unsupported_grant_type'
  readonly message: string
}
