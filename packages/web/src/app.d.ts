import type { Match } from '@tributary/api'
import type { SignedIn } from '@tributary/engine'

declare global {
  namespace App {
    interface Error {
      code?: string
      requestId?: string
    }
    interface Locals {
      requestId: string
      /** The endpoint that a request to the API is for; `undefined`: there is none at its address. */
      match: Match | { allow: string[] } | undefined
      /** Who sent the request; asked once, and only where a route wants to know. */
      identify: () => Promise<SignedIn | null>
      /** Asks once more, for what goes on long after it began. */
      identifyAgain: () => Promise<SignedIn | null>
      /** `Set-Cookie` lines that a form action got from the sign-in library, for the answer as they are. */
      setCookies: string[]
      /** After how many seconds the page may be loaded again, where it failed for a while. */
      retryAfter?: number | undefined
    }
  }
}
