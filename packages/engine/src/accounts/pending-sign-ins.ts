import { createHash, randomBytes } from 'node:crypto'
import { parseCookies } from 'better-auth/cookies'
import type { Parts } from '../parts.ts'

const minutes = 10

/** Who has given the password and not yet the code: a cookie, and its hash in the database. */
export function createPendingSignIns(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  { secure }: { secure: boolean },
) {
  const name = `${secure ? '__Host-' : ''}tributary.second_step`
  const cookie = (value: string, maxAge: number) =>
    `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  const hashIn = (headers: Headers) =>
    createHash('sha256')
      .update(parseCookies(headers.get('cookie') ?? '').get(name) ?? '')
      .digest()

  return {
    /** Gives the cookie. */
    async begin(userId: string): Promise<string> {
      const token = randomBytes(32).toString('base64url')
      const expires_at = clock.now().add({ minutes }).toString()
      await database.asSystem(async (db) => {
        await db
          .insertInto('pending_sign_ins')
          .values({ token_hash: createHash('sha256').update(token).digest(), user_id: userId, expires_at })
          .execute()
      })
      return cookie(token, minutes * 60)
    },
    async find(headers: Headers): Promise<{ id: string; email: string } | undefined> {
      const row = await database.asSystem((db) =>
        db
          .selectFrom('pending_sign_ins')
          .innerJoin('users', 'users.id', 'pending_sign_ins.user_id')
          .select(['users.id', 'users.email', 'expires_at'])
          .where('token_hash', '=', hashIn(headers))
          .where('disabled_at', 'is', null)
          .executeTakeFirst(),
      )
      return row && Temporal.Instant.compare(row.expires_at, clock.now()) > 0 ? row : undefined
    },
    /** Ends all of a user's and gives the cookie that takes the browser's away. */
    async end(userId: string): Promise<string> {
      await database.asSystem((db) =>
        db.deleteFrom('pending_sign_ins').where('user_id', '=', userId).execute(),
      )
      return cookie('', 0)
    },
  }
}
