import { audit } from '../audit/audit.ts'
import { isUuid } from '../database/is-uuid.ts'
import type { Sessions } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { sessionAge } from './sign-in.ts'

/** A user's own sign-ins, to see and to end. */
export function createSessions({ database, clock }: Pick<Parts, 'database' | 'clock'>): Sessions {
  return {
    async list({ user, sessionId }) {
      const now = clock.now()
      const oldest = now.subtract({ seconds: sessionAge.most })
      const lasts = (row: { expires_at: Temporal.Instant; created_at: Temporal.Instant }) =>
        Temporal.Instant.compare(row.expires_at, now) > 0 &&
        Temporal.Instant.compare(row.created_at, oldest) > 0
      const rows = await database.asSystem((db) =>
        db
          .selectFrom('sessions')
          .select(['id', 'ip_address', 'user_agent', 'expires_at', 'created_at', 'updated_at'])
          .where('user_id', '=', user.id)
          .orderBy('updated_at', 'desc')
          .execute(),
      )
      return rows.filter(lasts).map((row) => ({
        id: row.id,
        current: row.id === sessionId,
        address: row.ip_address || null,
        userAgent: row.user_agent || null,
        createdAt: row.created_at.toString(),
        lastUsedAt: row.updated_at.toString(),
      }))
    },

    async revoke({ user }, id) {
      const gone = isUuid(id)
        ? await database.asSystem(async (db) => {
            const row = await db
              .deleteFrom('sessions')
              .where('user_id', '=', user.id)
              .where('id', '=', id)
              .returning('id')
              .executeTakeFirst()
            if (row) await audit(db, { action: 'session.revoked', actor: user.id, details: { sessions: 1 } })
            return row
          })
        : undefined
      if (!gone) throw new Problem(404, 'unknown-session', 'There is no such session.')
    },

    async revokeOthers({ user, sessionId }) {
      await database.asSystem(async (db) => {
        const gone = await db
          .deleteFrom('sessions')
          .where('user_id', '=', user.id)
          .where('id', '!=', sessionId)
          .returning('id')
          .execute()
        const details = { sessions: gone.length }
        if (gone.length > 0) await audit(db, { action: 'session.revoked', actor: user.id, details })
      })
    },
  }
}
