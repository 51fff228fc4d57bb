export interface AuditQuery {
  /** Only this action. */
  action?: string | undefined
  /** Only what came before the entry of this id: the `next` of the page before. */
  before?: string | undefined
  /** How many; 50 unless given. */
  limit?: number | undefined
}

/** Somebody in the audit log; `name` is `null` where the account is gone. */
export interface AuditPerson {
  id: string
  name: string | null
}

/** One thing that was done. */
export interface AuditLine {
  id: string
  /** ISO 8601. */
  at: string
  action: string
  /** The action as a person reads it. */
  words: string
  /** `null`: the app itself, the command line, or nobody who is signed in. */
  actor: AuditPerson | null
  /** Whom it concerns. */
  subject: AuditPerson | null
  /** The name of the source. */
  source: string | null
  requestId: string | null
  address: string | null
  details: Record<string, string | number | boolean>
}

/** A part of the audit log, newest first. */
export interface AuditPage {
  entries: AuditLine[]
  /** `before` of the next page; `null`: there is none. */
  next: string | null
  /** Everything that may be filtered by. */
  actions: { id: string; words: string }[]
}
