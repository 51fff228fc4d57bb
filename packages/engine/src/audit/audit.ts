import type { Transaction } from '../database/database.ts'
import type { AuditAction } from './actions.ts'
import { currentRequest } from './request.ts'

export interface AuditEntry {
  action: AuditAction
  /** Who did it; `null`: the app itself, the command line, or nobody who is signed in. */
  actor: string | null
  /** The user whom it concerns; who did it unless another is named. */
  subject?: string | null
  source?: string
  /** What else there is to say, by a readable name. Never a secret, nor what somebody typed into a form for one. */
  details?: Record<string, string | number | boolean>
}

/** Writes down what is done, in the transaction that does it. */
export async function audit(
  db: Transaction,
  { action, actor, subject = actor, source, details = {} }: AuditEntry,
): Promise<void> {
  const request = currentRequest()
  await db
    .insertInto('audit_log')
    .values({
      action,
      actor_id: actor,
      subject_id: subject,
      source_id: source ?? null,
      request_id: request?.id ?? null,
      ip_address: request?.address() ?? null,
      details: JSON.stringify(details),
    })
    .execute()
}
