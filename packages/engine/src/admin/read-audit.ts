import { sql } from 'kysely'
import type { AuditPage, AuditQuery } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { type AuditAction, auditActions } from '../audit/actions.ts'

/** A page of the audit log, newest first. */
export async function readAudit(
  { database, registry }: Pick<Parts, 'database' | 'registry'>,
  { action, before, limit = 50 }: AuditQuery,
): Promise<AuditPage> {
  if (action !== undefined && !isAction(action))
    throw new Problem(422, 'unknown-action', 'The audit log knows no such action.')
  const rows = await database.asSystem((db) => {
    let query = db
      .selectFrom('audit_log')
      .selectAll()
      .select([
        sql<string | null>`(select name from users where users.id = actor_id)`.as('actor_name'),
        sql<string | null>`(select name from users where users.id = subject_id)`.as('subject_name'),
      ])
    if (action !== undefined) query = query.where('action', '=', action)
    if (before !== undefined) query = query.where('id', '<', before)
    return query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
  })
  const shown = rows.slice(0, limit)
  return {
    entries: shown.map((row) => ({
      id: row.id,
      at: row.at.toString(),
      action: row.action,
      words: isAction(row.action) ? auditActions[row.action] : row.action,
      actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name },
      subject: row.subject_id === null ? null : { id: row.subject_id, name: row.subject_name },
      source: row.source_id === null ? null : (registry.find(row.source_id)?.name ?? row.source_id),
      requestId: row.request_id,
      address: row.ip_address,
      details: row.details,
    })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    actions: Object.entries(auditActions).map(([id, words]) => ({ id, words })),
  }
}

function isAction(text: string): text is AuditAction {
  return Object.hasOwn(auditActions, text)
}
