import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Transaction } from '../database/database.ts'
import { isUuid } from '../database/is-uuid.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'

/** What attempts are counted on. */
export interface Subject {
  /** An account by its address or id, an address of the network, a browser that signed in before, … */
  kind: 'account' | 'address' | 'browser' | 'code'
  name: string
  /** The user whom it concerns, if there is one: by their e-mail address or id. */
  of?: string
}

/** How many attempts may fail before each further one waits, twice as long as the one before, up to the longest. */
const limits = {
  account: { free: 5, longest: 900 },
  browser: { free: 5, longest: 900 },
  code: { free: 5, longest: 900 },
  // A household or an office shares one.
  address: { free: 30, longest: 300 },
} as const
const countedBy = {
  account: 'by account',
  browser: 'by browser',
  code: 'by account, second step',
  address: 'by address',
}
const firstSeconds = 5
export const forgottenAfterHours = 24
export const longestBlockSeconds = Math.max(...Object.values(limits).map(({ longest }) => longest))
/** A last attempt this far ahead was made by a clock that has been set right since: it blocks nobody. */
const aheadMinutes = 5

/** Slows down who guesses: counted in the database, so that it holds for all processes and over restarts. */
export interface Attempts {
  /**
   * Makes an attempt, which has failed where it gives `undefined`. It is counted before it is made, so that many at the
   * same moment are not more than one after the other. Throws `Problem` 429 where it has to wait.
   */
  make<Result>(subjects: Subject[], attempt: () => Promise<Result | undefined>): Promise<Result | undefined>
  /** Counts an attempt that has failed. Throws `Problem` 429 where it came too early. */
  fail(subjects: Subject[]): Promise<void>
  forget(subjects: Subject[]): Promise<void>
}

export function createAttempts({
  database,
  installationSecrets,
  clock,
}: Pick<Parts, 'database' | 'installationSecrets' | 'clock'>): Attempts {
  const key = installationSecrets.attempts
  const hashOf = ({ kind, name }: Subject) => createHmac('sha256', key).update(`${kind} ${name}`).digest()

  async function count(db: Transaction, subject: Subject): Promise<void> {
    const { free, longest } = limits[subject.kind]
    const hash = hashOf(subject)
    const now = sql`${clock.now().toString()}::timestamptz`
    const isAhead = sql`f.last_at > ${now} + make_interval(mins => ${aheadMinutes})`
    const isForgotten = sql`f.last_at < ${now} - make_interval(hours => ${forgottenAfterHours})`
    const failures = sql`case when ${isForgotten} or ${isAhead} then 1 else f.failures + 1 end`
    const { rows } = await sql`
      insert into failed_attempts as f values (${hash}, 1, ${now}, '-infinity')
      on conflict (subject) do update set failures = ${failures}, last_at = ${now}, logged = false,
        free_at = case when ${failures} <= ${free} then '-infinity'
          else ${now} + make_interval(secs => least(${longest}, ${firstSeconds} * power(2, least(${failures} - ${free} - 1, 20)))) end
      where f.free_at <= ${now} or ${isAhead} returning 1`.execute(db)
    if (rows.length > 0) return
    const { free_at } = await db
      .selectFrom('failed_attempts')
      .select('free_at')
      .where('subject', '=', hash)
      .executeTakeFirstOrThrow()
    throw new TooEarly(subject, free_at)
  }

  /** Tells the audit log, once for each time that somebody has to wait. */
  const tell = (subject: Subject) =>
    database.asSystem(async (db) => {
      const first = await db
        .updateTable('failed_attempts')
        .set({ logged: true })
        .where('subject', '=', hashOf(subject))
        .where('logged', '=', false)
        .returning('subject')
        .executeTakeFirst()
      if (!first) return
      const { kind, of = '' } = subject
      const user = await db
        .selectFrom('users')
        .select('id')
        .where(isUuid(of) ? 'id' : 'email', '=', of)
        .executeTakeFirst()
      const details = { counted: countedBy[kind] }
      await audit(db, { action: 'attempts.limited', actor: null, subject: user?.id ?? null, details })
    })

  async function fail(subjects: Subject[]): Promise<void> {
    try {
      await database.asSystem(async (db) => {
        for (const subject of inOrder(subjects)) await count(db, subject)
      })
    } catch (error) {
      if (!(error instanceof TooEarly)) throw error
      await tell(error.subject)
      throw tooMany(error.freeAt.since(clock.now()))
    }
  }

  /** What succeeded was no failure; and an account, unlike an address, starts afresh. */
  const succeed = (subjects: Subject[]) =>
    database.asSystem(async (db) => {
      for (const subject of inOrder(subjects)) {
        if (subject.kind === 'address') {
          await sql`update failed_attempts set failures = failures - 1, free_at = '-infinity'
            where subject = ${hashOf(subject)}`.execute(db)
        } else await db.deleteFrom('failed_attempts').where('subject', '=', hashOf(subject)).execute()
      }
    })

  return {
    fail,
    async make(subjects, attempt) {
      await fail(subjects)
      const result = await attempt()
      if (result !== undefined) await succeed(subjects)
      return result
    },
    forget: (subjects) =>
      database.asSystem(async (db) => {
        await db.deleteFrom('failed_attempts').where('subject', 'in', subjects.map(hashOf)).execute()
      }),
  }
}

/** An attempt that was made before it was free to. */
class TooEarly extends Error {
  readonly subject: Subject
  readonly freeAt: Temporal.Instant
  constructor(subject: Subject, freeAt: Temporal.Instant) {
    super('too early')
    this.subject = subject
    this.freeAt = freeAt
  }
}

/** The same order for everybody, so that no two attempts wait for each other. */
function inOrder(subjects: Subject[]): Subject[] {
  return subjects.toSorted(
    (one, other) => one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name),
  )
}

function tooMany(left: Temporal.Duration): Problem {
  const seconds = Math.max(1, Math.ceil(Math.round(left.total('milliseconds')) / 1000))
  const wait =
    seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return new Problem(429, 'too-many-attempts', `Too many tries. Wait ${wait}, then try again.`, {
    retryAfter: seconds,
  })
}

/** The address that a request came from; of IPv6 the network, of which one customer has all. */
export function addressOf(headers: Headers): Subject {
  const address = headers.get('x-client-address') ?? 'unknown'
  return {
    kind: 'address',
    name: address.includes(':') && !address.includes('.') ? network(address) : address,
  }
}

function network(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':')
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
