import { createHash } from 'node:crypto'
import { startLab } from './start-lab.ts'
import type { RunningLab } from './start-lab.ts'
import { memoryStore } from './store/memory-store.ts'
import type { LabOptions } from './lab.ts'

/** For the lab's own tests: a lab at a moment that the test moves, and an application that connects to its Fitbit. */
export interface TestLab extends RunningLab {
  /** Moves the clock on. */
  pass(duration: Temporal.DurationLike): void
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly token_type: string
  readonly scope: string
  readonly user_id: string
}

export const REDIRECT_URI = 'https://hub.example/api/integrations/fitbit/callback'
export const VERIFIER = 'a-verifier-that-is-long-enough-for-the-standard-0123456789'
export const ALL_SCOPES =
  'activity cardio_fitness heartrate oxygen_saturation profile respiratory_rate settings sleep weight'

export async function startTestLab(at: string, options: Partial<LabOptions> = {}): Promise<TestLab> {
  let now = Temporal.Instant.from(at).toZonedDateTimeISO('UTC')
  const running = await startLab({
    store: memoryStore(),
    redirectUri: () => REDIRECT_URI,
    clock: () => now.toInstant(),
    ...options,
  })
  return { ...running, pass: (duration) => void (now = now.add(duration)) }
}

export function authorizeUrl(
  { url, lab }: RunningLab,
  changes: Record<string, string | undefined> = {},
): string {
  const parameters = {
    response_type: 'code',
    client_id: lab.client('fitbit').clientId,
    redirect_uri: REDIRECT_URI,
    scope: ALL_SCOPES,
    state: 'the-state',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  }
  const query = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => !!entry[1]),
  )
  return `${url}/fitbit/oauth2/authorize?${query}`
}

/** Answers the consent page; gives the URL that the browser is sent to. */
export async function decide(url: string, decision: string, scopes: readonly string[]): Promise<URL> {
  const body = new URLSearchParams([['decision', decision], ...scopes.map((scope) => ['scope', scope])])
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? 'missing:')
}

export async function obtainCode(running: RunningLab, scopes = ALL_SCOPES): Promise<string> {
  const back = await decide(authorizeUrl(running), 'allow', scopes.split(' '))
  return back.searchParams.get('code') ?? ''
}

export function post(
  running: RunningLab,
  path: string,
  form: Record<string, string>,
  secret?: string,
): Promise<Response> {
  const { clientId, clientSecret } = running.lab.client('fitbit')
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret ?? clientSecret}`).toString('base64')}`
  return fetch(`${running.url}/fitbit${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization },
  })
}

export function exchange(
  running: RunningLab,
  code: string,
  changes: Record<string, string> = {},
): Promise<Response> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER }
  return post(running, '/oauth2/token', { ...form, ...changes })
}

export function refresh(running: RunningLab, refreshToken: string): Promise<Response> {
  return post(running, '/oauth2/token', { grant_type: 'refresh_token', refresh_token: refreshToken })
}

export async function connect(running: RunningLab, scopes = ALL_SCOPES): Promise<Tokens> {
  return (await (await exchange(running, await obtainCode(running, scopes))).json()) as Tokens
}

/** Asks the Fitbit API. */
export function ask(
  running: RunningLab,
  path: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${running.url}/fitbit${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } })
}
