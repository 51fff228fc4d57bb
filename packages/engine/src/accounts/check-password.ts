import type { Database } from '../database/database.ts'
import { hashInTurn, verifyInTurn } from './password-queue.ts'

let nobodys: Promise<string> | undefined

/** Who has given the right password. */
export interface Recognised {
  id: string
  disabled: boolean
  /** A code is needed as well. */
  secondStep: boolean
}

/**
 * The user of an e-mail address whose password this is, or `undefined`. It takes as long for an address that nobody has.
 */
export async function checkPassword(
  database: Database,
  email: string,
  password: string,
): Promise<Recognised | undefined> {
  const found = await database.asSystem((db) =>
    db
      .selectFrom('users')
      .innerJoin('sign_in_methods', 'sign_in_methods.user_id', 'users.id')
      .leftJoin('second_steps', 'second_steps.user_id', 'users.id')
      .select(['users.id', 'users.disabled_at', 'password', 'second_steps.confirmed_at'])
      .where('email', '=', email.trim().toLowerCase())
      .where('provider_id', '=', 'credential')
      .executeTakeFirst(),
  )
  const hash = found?.password ?? (await (nobodys ??= hashInTurn('the password of nobody')))
  const right = await verifyInTurn(hash, password)
  if (!right || !found?.password) return undefined
  return { id: found.id, disabled: found.disabled_at !== null, secondStep: found.confirmed_at !== null }
}
