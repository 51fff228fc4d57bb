import type { SignedIn } from './signed-in.ts'

/** One sign-in of a user on one device. */
export interface Session {
  id: string
  /** Whether it is the one that asks. */
  current: boolean
  /** The address of the network that it began at. */
  address: string | null
  userAgent: string | null
  createdAt: string
  /** ISO 8601, to a quarter of an hour. */
  lastUsedAt: string
}

export interface Sessions {
  list(signedIn: SignedIn): Promise<Session[]>
  /** Throws `Problem` 404 for any that is not this user's. */
  revoke(signedIn: SignedIn, id: string): Promise<void>
  revokeOthers(signedIn: SignedIn): Promise<void>
}
