import { createHash } from 'node:crypto'
import type { RunningLab } from './start-lab.ts'
import { decide, REDIRECT_URI, VERIFIER } from './test-client.ts'

/** For the lab's own tests: how an application speaks to one simulated service. */
export interface TestService {
  readonly source: string
  readonly authorize: string
  readonly token: string
  readonly scope: string
  readonly clientAuth: 'basic' | 'body'
  /** Further parameters of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>>
}

export interface Token {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in: number
  readonly token_type: string
  readonly scope: string
}

type Changes = Record<string, string | undefined>

export function connectionTo({ lab, url }: RunningLab, service: TestService) {
  const { clientId, clientSecret } = lab.client(service.source)
  const base = `${url}/${service.source}`

  const authorizeUrl = (changes: Changes = {}): string => {
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      scope: service.scope,
      state: 'the-state',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
      ...service.parameters,
      ...changes,
    }
    return `${base}${service.authorize}?${new URLSearchParams(present(parameters))}`
  }

  const post = (path: string, form: Changes, auth = service.clientAuth): Promise<Response> => {
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const inBody = auth === 'body' ? { client_id: clientId, client_secret: clientSecret } : {}
    return fetch(`${base}${path}`, {
      method: 'POST',
      body: new URLSearchParams(present({ ...inBody, ...form })),
      headers: auth === 'basic' ? { authorization } : {},
    })
  }

  const consent = (changes: Changes = {}, scope = changes.scope ?? service.scope): Promise<URL> =>
    decide(authorizeUrl(changes), 'allow', scope.split(' '))

  const exchange = (code: string, changes: Changes = {}): Promise<Response> =>
    post(service.token, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: VERIFIER,
      ...changes,
    })

  return {
    authorizeUrl,
    consent,
    exchange,
    post,
    refresh: (token = ''): Promise<Response> =>
      post(service.token, { grant_type: 'refresh_token', refresh_token: token }),
    async connect(changes: Changes = {}, scope?: string): Promise<Token> {
      const back = await consent(changes, scope)
      return (await (await exchange(back.searchParams.get('code') ?? '')).json()) as Token
    },
    ask: (path: string, token: string, body?: unknown): Promise<Response> =>
      fetch(`${base}${path}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
  }
}

/** The truth about some days, as the lab tells it for one source. */
export async function truthOf<T>(
  { url }: RunningLab,
  source: string,
  from: string,
  to: string,
  zone = '',
): Promise<T[]> {
  const answer = await fetch(`${url}/truth/${source}?from=${from}&to=${to}&zone=${zone}`)
  return ((await answer.json()) as { days: T[] }).days
}

function present(parameters: Changes): [string, string][] {
  return Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
}
