import type { SignedIn } from './signed-in.ts'
import type { ApiTokens } from './api-tokens.ts'
import type { SecondStep } from './second-step.ts'
import type { Sessions } from './sessions.ts'

export interface NewAccount {
  name: string
  email: string
  password: string
  /** The browser's IANA zone; UTC where it is none. */
  timeZone?: string | undefined
}

/**
 * Who may come in, and by what. `headers` are those of the browser's request, with its address as `x-client-address`; what
 * gives `string[]` gives the `Set-Cookie` lines for the browser. What can be guessed at throws `Problem` 429 where it is
 * guessed too often.
 */
export interface Accounts {
  /** Who sent a request with these headers; `setCookie` gets the cookie of a session that was made to last longer. */
  identify(headers: Headers, setCookie?: (line: string) => void): Promise<SignedIn | null>
  /**
   * Signs in by e-mail address and password. Throws `Problem` 401, or 403 for who is disabled. `secondStep`: nobody is signed
   * in before `enterCode`.
   */
  signIn(
    credentials: { email: string; password: string },
    headers: Headers,
  ): Promise<{ cookies: string[]; secondStep: boolean }>
  /** Signs in who gave the password before, by a code of their app or a backup code. Throws `Problem` 401. */
  enterCode(code: string, headers: Headers): Promise<string[]>
  signOut(headers: Headers): Promise<string[]>
  /** Sets another password and ends all sessions but a new one for who asks. Throws `Problem` 422. */
  changePassword(
    signedIn: SignedIn,
    passwords: { current: string; wanted: string },
    headers: Headers,
  ): Promise<string[]>
  /** What a one-time link is good for; `null` where it is unknown, used or expired. */
  readSignUpLink(
    token: string,
    headers: Headers,
  ): Promise<{ role: 'user' | 'admin'; email: string | null } | null>
  /** Makes an account by a one-time link and signs it in. */
  signUp(token: string, account: NewAccount, headers: Headers): Promise<string[]>
  /** Makes a one-time link's token that signs somebody in; it is kept in memory alone. */
  createSignInLink(user: { email: string }, used?: (signedIn: SignedIn) => void): string
  /** Signs in by such a token. `null`: unknown or used. */
  signInByLink(token: string, headers: Headers): Promise<string[] | null>
  /** Sets a zone by any of its names, and returns the one that is stored. Throws `Problem` 422. */
  setTimeZone(userId: string, timeZone: string): Promise<string>
  /** The names of the zones to choose from. */
  timeZones(): Promise<string[]>
  /** Writes everything that is a user's, as JSON lines; it goes on when `write` resolves. Throws `Problem` 409. */
  export(userId: string, write: (text: string) => Promise<void>): Promise<void>
  /**
   * Removes a user and all that is theirs; gives a sentence for each provider that could not be told. Throws `Problem` 422
   * (wrong password) or 409 (the last admin).
   */
  remove(signedIn: SignedIn, password: string): Promise<string[]>
  readonly secondStep: SecondStep
  readonly sessions: Sessions
  readonly tokens: ApiTokens
}
