import type { Database } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { Problem } from '../domain/problem.ts'
import type { Attempts } from './attempts.ts'
import { checkPassword } from './check-password.ts'
import { admitAttempt } from './password-queue.ts'

/** Makes sure that it is the user who sits there. Throws `Problem` 422 for a wrong password, 429 after too many, 503 where too many wait. */
export async function confirmPassword(
  database: Database,
  attempts: Attempts,
  { user }: SignedIn,
  password: string,
): Promise<void> {
  const subject = { kind: 'account' as const, name: `${user.id} confirms`, of: user.id }
  const right = await admitAttempt(() =>
    attempts.make([subject], () => checkPassword(database, user.email, password)),
  )
  if (!right) throw new Problem(422, 'wrong-password', 'This is not your password. Try again.')
}
