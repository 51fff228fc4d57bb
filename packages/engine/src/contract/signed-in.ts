import type { User } from '@tributary/api'

export type { User }

/** One sign-in of a user on one device, or one token of theirs. */
export interface SignedIn {
  user: User
  /** The id of the session, or of the token. */
  sessionId: string
}
