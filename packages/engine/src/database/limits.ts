/** How long each step may take, in milliseconds. */
export interface DatabaseLimits {
  /** Opening a connection, signing in included. */
  connect: number
  /** Waiting for one of the pool's connections. */
  queue: number
  /** The answer of a connection that was idle for longer than `recent`, before it is used again. */
  probe: number
  recent: number
  /** Silence during a statement, after which the server is asked whether it works on it. */
  suspicion: number
  /** One statement, and one that is known to take long: an export, a migration, the removal of much data. */
  statement: number
  longStatement: number
  /** How much longer the client waits than the server, whose own error says more. */
  grace: number
  /** Waiting for a lock that another transaction has. */
  lock: number
  longLock: number
  /** A transaction that sends nothing: after this the server ends it and releases its locks. */
  idleInTransaction: number
  /** The same for transactions that cross users, whose locks everybody may need. */
  systemIdleInTransaction: number
}

export const usualLimits: DatabaseLimits = {
  connect: 15_000,
  queue: 30_000,
  probe: 2_000,
  recent: 5_000,
  suspicion: 600,
  statement: 60_000,
  longStatement: 30 * 60_000,
  grace: 15_000,
  lock: 20_000,
  longLock: 5 * 60_000,
  idleInTransaction: 60_000,
  systemIdleInTransaction: 10_000,
}
