import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { limitAtOnce } from '../runtime/limit-at-once.ts'
import { Problem } from '../domain/problem.ts'

/** A hash takes a third of a second of a processor and one of Node's four threads for files, look-ups and hashes. */
const inTurn = limitAtOnce(2)
/** So many are checked within some ten seconds. */
const mostAdmitted = 60

let admitted = 0

/**
 * Makes an attempt with a password, which is refused before it is counted where so many others wait that it would wait for
 * long. Throws `Problem` 503 then.
 */
export async function admitAttempt<Result>(attempt: () => Promise<Result>): Promise<Result> {
  if (admitted >= mostAdmitted)
    throw new Problem(503, 'busy', 'Too many people are signing in. Try again in a few seconds.', {
      retryAfter: 5,
    })
  admitted += 1
  try {
    return await attempt()
  } finally {
    admitted -= 1
  }
}

export const hashInTurn = (password: string) => inTurn(() => hashPassword(password))

export const verifyInTurn = (hash: string, password: string) =>
  inTurn(() => verifyPassword({ hash, password }))
