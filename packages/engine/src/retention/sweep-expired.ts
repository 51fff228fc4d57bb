import { sql } from 'kysely'
import { forgottenAfterHours } from '../accounts/attempts.ts'
import { sessionAge } from '../accounts/sign-in.ts'
import type { Database } from '../database/database.ts'

/** Removes what has expired and works no more: sessions, invitations, sign-ins and authorizations that nobody finished. */
export async function sweepExpired(database: Database, now: Temporal.Instant): Promise<void> {
  const moment = now.toString()
  const expired = {
    oauth_flows: sql`expires_at < ${moment}::timestamptz`,
    pending_sign_ins: sql`expires_at < ${moment}::timestamptz`,
    sign_up_links: sql`expires_at < ${moment}::timestamptz`,
    verifications: sql`expires_at < ${moment}::timestamptz`,
    sessions: sql`expires_at < ${moment}::timestamptz
      or created_at < ${moment}::timestamptz - make_interval(secs => ${sessionAge.most})`,
    failed_attempts: sql`last_at < ${moment}::timestamptz - make_interval(hours => ${forgottenAfterHours})`,
  }
  const faults: unknown[] = []
  for (const [table, condition] of Object.entries(expired)) {
    try {
      await database.asSystem((db) => sql`delete from ${sql.table(table)} where ${condition}`.execute(db), {
        long: true,
      })
    } catch (error) {
      // What keeps one table from being swept keeps no other.
      faults.push(error)
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} tables could not be swept.`)
}
