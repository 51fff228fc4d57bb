import { audit } from '../audit/audit.ts'
import type { SignedIn } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import type { Attempts } from './attempts.ts'
import { confirmPassword } from './confirm-password.ts'
import { checkNewPassword } from './create-account.ts'
import { hashInTurn } from './password-queue.ts'

/** Sets another password and ends every session of the user, and every sign-in that is under way. */
export async function changePassword(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  attempts: Attempts,
  signedIn: SignedIn,
  { current, wanted }: { current: string; wanted: string },
): Promise<void> {
  checkNewPassword(wanted)
  await confirmPassword(database, attempts, signedIn, current)
  const password = await hashInTurn(wanted)
  await database.asSystem(async (db) => {
    await db
      .updateTable('sign_in_methods')
      .set({ password, updated_at: clock.now().toString() })
      .where('user_id', '=', signedIn.user.id)
      .where('provider_id', '=', 'credential')
      .execute()
    await audit(db, { action: 'account.password-changed', actor: signedIn.user.id })
    // Who gave the old password and not yet the code is one of those that it keeps out.
    for (const table of ['sessions', 'pending_sign_ins'] as const)
      await db.deleteFrom(table).where('user_id', '=', signedIn.user.id).execute()
  })
}
