import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { Problem } from '../problem.ts'

/** Each takes a third of a second of a processor and one of Node's four threads for files, look-ups and hashes. */
const atOnce = 2
/** So many are checked within some ten seconds. */
const mostAdmitted = 60

let admitted = 0
let running = 0
const waiting: (() => void)[] = []

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

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running < atOnce) running += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    // The next one takes over the place.
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
