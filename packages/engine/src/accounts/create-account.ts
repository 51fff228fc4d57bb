import type { Transaction } from '../database/database.ts'
import type { NewAccount } from '../contract/engine.ts'
import { Problem } from '../domain/problem.ts'
import { hashInTurn } from './password-queue.ts'
import { minPasswordLength } from './sign-in.ts'
import { findZone } from './time-zones.ts'

/** Makes a user who signs in by a password. Throws `Problem` 422 with a sentence where the input is bad. */
export async function createAccount(
  db: Transaction,
  account: NewAccount,
  role: 'user' | 'admin',
): Promise<string> {
  const email = account.email.trim().toLowerCase()
  const name = account.name.trim()
  if (!isEmail(email)) throw new Problem(422, 'bad-email', 'Enter an e-mail address.')
  if (name === '') throw new Problem(422, 'bad-name', 'Enter a name.')
  checkNewPassword(account.password)
  const zone = account.timeZone === undefined ? undefined : await findZone(db, account.timeZone)
  const user = await db
    .insertInto('users')
    .values({ name, email, role, time_zone: zone ?? 'UTC' })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!user) throw new Problem(409, 'email-taken', 'There is an account with this e-mail address already.')
  await db
    .insertInto('sign_in_methods')
    .values({
      user_id: user.id,
      account_id: user.id,
      provider_id: 'credential',
      password: await hashInTurn(account.password),
    })
    .execute()
  return user.id
}

/** Throws `Problem` 422 for a password that is too short or too long. */
export function checkNewPassword(password: string): void {
  if (password.length < minPasswordLength || password.length > 128)
    throw new Problem(422, 'bad-password', `A password has ${minPasswordLength} to 128 characters.`)
}

/** Whether a text has the form of an e-mail address; whether somebody reads mail there only mail can tell. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}
