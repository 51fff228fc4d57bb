import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { audit } from '../audit/audit.ts'
import { isUuid } from '../database/is-uuid.ts'
import type { Schema } from '../database/schema.ts'
import type { ApiToken, ApiTokens, NewApiToken } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { addressOf, type Attempts } from './attempts.ts'
import { lockForUser } from '../database/locks.ts'

/** What every token begins with, so that people and scanners of leaked secrets know what it is. */
export const tokenPrefix = 'trib_'

const form = new RegExp(`^${tokenPrefix}[\\w-]{43}$`)
const mostTokens = 50
const mostDays = 366
const columns = ['id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at'] as const

/** Personal access tokens: made, listed, revoked, recognised. */
export function createApiTokens(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  attempts: Attempts,
): ApiTokens {
  async function refuse(headers: Headers): Promise<null> {
    await attempts.fail([addressOf(headers)])
    return null
  }

  return {
    async list(userId) {
      const rows = await database.asUser(userId, (db) =>
        db.selectFrom('api_tokens').select(columns).orderBy('created_at', 'desc').execute(),
      )
      return rows.map(describe)
    },

    async create(userId, wanted) {
      const { name, scopes } = check(wanted)
      const token = tokenPrefix + randomBytes(32).toString('base64url')
      const now = clock.now()
      const row = await database.asUser(userId, async (db) => {
        await lockForUser(db, userId, 'tokens')
        const { held } = await db
          .selectFrom('api_tokens')
          .select(({ fn }) => fn.countAll<string>().as('held'))
          .executeTakeFirstOrThrow()
        if (Number(held) >= mostTokens)
          throw new Problem(
            409,
            'too-many-tokens',
            `Nobody needs over ${mostTokens} tokens; revoke some first.`,
          )
        const made = await db
          .insertInto('api_tokens')
          .values({
            user_id: userId,
            name,
            scopes,
            token_hash: hashOf(token),
            expires_at: wanted.days === null ? null : now.add({ hours: wanted.days * 24 }).toString(),
            created_at: now.toString(),
          })
          .returning(columns)
          .executeTakeFirstOrThrow()
        const details = { token: made.id, scopes: scopes.join(', '), days: wanted.days ?? 'no end' }
        await audit(db, { action: 'token.made', actor: userId, details })
        return made
      })
      return { token, info: describe(row) }
    },

    async revoke(userId, id) {
      const gone = isUuid(id)
        ? await database.asUser(userId, async (db) => {
            const row = await db
              .deleteFrom('api_tokens')
              .where('id', '=', id)
              .returning('id')
              .executeTakeFirst()
            if (row) await audit(db, { action: 'token.revoked', actor: userId, details: { token: id } })
            return row
          })
        : undefined
      if (!gone) throw new Problem(404, 'unknown-token', 'There is no such token.')
    },

    async identify(token, headers) {
      if (!form.test(token)) return refuse(headers)
      const now = clock.now()
      const row = await database.asSystem(async (db) => {
        const found = await db
          .selectFrom('api_tokens')
          .innerJoin('users', 'users.id', 'api_tokens.user_id')
          .select(['api_tokens.id as tokenId', 'scopes', 'expires_at', 'last_used_at'])
          .select(['users.id', 'users.name', 'users.email', 'users.role', 'users.time_zone'])
          .where('token_hash', '=', hashOf(token))
          .where('users.disabled_at', 'is', null)
          .executeTakeFirst()
        if (!found || (found.expires_at && Temporal.Instant.compare(found.expires_at, now) <= 0)) return null
        // To the minute: a program that asks a thousand times does not write a thousand times.
        if (!found.last_used_at || now.since(found.last_used_at).total('minutes') >= 1) {
          await db
            .updateTable('api_tokens')
            .set({ last_used_at: now.toString() })
            .where('id', '=', found.tokenId)
            .execute()
        }
        return found
      })
      if (!row) return refuse(headers)
      const { id, name, email, role, time_zone: timeZone, tokenId, scopes } = row
      return { signedIn: { user: { id, name, email, role, timeZone }, sessionId: tokenId }, scopes }
    },
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function check({ name, scopes, days }: NewApiToken): Pick<NewApiToken, 'name' | 'scopes'> {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 100)
    throw new Problem(422, 'bad-name', 'Give the token a name of at most 100 characters.')
  if (scopes.length === 0) throw new Problem(422, 'bad-scopes', 'Choose at least one thing that it may do.')
  if (days !== null && (!Number.isInteger(days) || days < 1 || days > mostDays))
    throw new Problem(422, 'bad-days', `A token works for 1 to ${mostDays} days, or until it is revoked.`)
  return { name: trimmed, scopes: [...new Set(scopes)] }
}

function describe(row: Pick<Selectable<Schema['api_tokens']>, (typeof columns)[number]>): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toString(),
    expiresAt: row.expires_at?.toString() ?? null,
    lastUsedAt: row.last_used_at?.toString() ?? null,
  }
}
