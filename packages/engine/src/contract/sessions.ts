import type { Session } from '@tributary/api'
import type { SignedIn } from './signed-in.ts'

export type { Session }

export interface Sessions {
  list(signedIn: SignedIn): Promise<Session[]>
  /** Throws `Problem` 404 for any that is not this user's. */
  revoke(signedIn: SignedIn, id: string): Promise<void>
  revokeOthers(signedIn: SignedIn): Promise<void>
}
