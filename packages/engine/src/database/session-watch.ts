import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'

/** A connection in use, as it is seen from outside. */
export interface Watched {
  /** The process number of its session on the server. */
  readonly processID: number
  /** Whether a statement waits for its answer. */
  readonly isWaiting: boolean
  /** How many bytes went either way so far. */
  readonly bytes: number
  cut(reason: string): void
}

export interface SessionWatchOptions {
  /** Opens a connection of the same login role, over which the server is asked. */
  open: () => Promise<pg.Client>
  /** The connections in use at any moment. */
  inUse: ReadonlySet<Watched>
  /** After so much silence during a statement the server is asked, and later ever more rarely. */
  suspicionMs: number
  /** Called when a connection was found dead and cut. */
  onDead: () => void
}

/** How long a session must have been idle, in both of two looks. */
const idleMs = 500
const betweenLooksMs = 250
const looksPerSuspicion = 4

interface Silence {
  bytes: number
  since: number
  /** How long it may last until the server is asked. */
  patienceMs: number
}

/**
 * Cuts connections that carry nothing more though neither end has noticed, such as those that a router forgot. The server
 * tells: a session that waits for its client's next statement, while the client waits for an answer, is unreachable.
 * Returns the function that ends the watch.
 */
export function watchSessions({
  open,
  inUse,
  suspicionMs,
  onDead,
}: SessionWatchOptions): () => Promise<void> {
  const silences = new WeakMap<Watched, Silence>()
  let looking: Promise<void> | undefined

  /** How long the answer of a connection has been awaited in silence. */
  function silenceOf(connection: Watched): Silence {
    const { bytes, isWaiting } = connection
    const known = silences.get(connection)
    if (known && isWaiting && known.bytes === bytes) return known
    const silence = { bytes, since: performance.now(), patienceMs: suspicionMs }
    silences.set(connection, silence)
    return silence
  }

  async function look(): Promise<void> {
    const suspects = [...inUse].flatMap((connection) => {
      const silence = silenceOf(connection)
      return performance.now() - silence.since < silence.patienceMs ? [] : [{ connection, silence }]
    })
    if (suspects.length === 0) return
    const idle = await findIdle(
      open,
      suspects.map(({ connection }) => connection.processID),
    ).catch(() => undefined)
    for (const { connection, silence } of suspects) {
      const silentMs = performance.now() - silence.since
      silence.patienceMs = 2 * silentMs
      // On a slow network the statement may still be on its way.
      if (silenceOf(connection) !== silence || !idle?.sessions.has(connection.processID)) continue
      if (idle.roundTripMs > silentMs / 4) continue
      connection.cut('The connection to the database is dead.')
      onDead()
    }
  }

  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined))
  }, suspicionMs / looksPerSuspicion).unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}

/** Those of some sessions that have been waiting for a statement for a while. The connection is new, so that it is not dead itself. */
async function findIdle(
  open: SessionWatchOptions['open'],
  pids: number[],
): Promise<{ sessions: Set<number>; roundTripMs: number }> {
  const client = await open()
  const ask = async (asked: number[]) =>
    (
      await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where pid = any($1) and state like 'idle%'
           and state_change < clock_timestamp() - make_interval(secs => $2)`,
        [asked, idleMs / 1000],
      )
    ).rows.map(({ pid }) => pid)
  try {
    const idle = await ask(pids)
    await pause(betweenLooksMs)
    const began = performance.now()
    const sessions = new Set(await ask(idle))
    return { sessions, roundTripMs: performance.now() - began }
  } finally {
    await client.end().catch(() => {})
  }
}
