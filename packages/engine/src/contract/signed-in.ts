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
