import type { ApiTokens } from './api-tokens.ts'

/** Who is signed in. */
export interface User {
  id: string
  name: string
  email: string
  role: 'user' | 'admin'
  /** IANA name. */
  timeZone: string
}

/** One sign-in of a user on one device, or one token of theirs. */
export interface SignedIn {
  user: User
  /** The id of the session, or of the token. */
  sessionId: string
}

export interface NewAccount {
  name: string
  email: string
  password: string
  /** The browser's IANA zone; UTC where it is none. */
  timeZone?: string | undefined
}

export interface Accounts {
  /** Answers `/api/auth/*`: the sign-in library's own routes. */
  handle(request: Request): Promise<Response>
  /** Who sent a request with these headers. */
  identify(headers: Headers): Promise<SignedIn | null>
  /** What a one-time link is good for; `null` where it is unknown, used or expired. */
  readSignUpLink(token: string): Promise<{ role: 'user' | 'admin'; email: string | null } | null>
  /** Makes an account by a one-time link and signs it in; the answer carries the session's cookie. */
  signUp(token: string, account: NewAccount, headers: Headers): Promise<Response>
  /** Makes a one-time link's token that signs somebody in; it is kept in memory alone. */
  createSignInLink(
    credentials: { email: string; password: string },
    used?: (signedIn: SignedIn) => void,
  ): string
  /** Signs in by such a token; the answer carries the session's cookie. `null`: unknown or used. */
  signInByLink(token: string, headers: Headers): Promise<Response | null>
  setTimeZone(userId: string, timeZone: string): Promise<void>
  readonly tokens: ApiTokens
}
