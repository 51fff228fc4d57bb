import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'

/** A connection in use or being opened, as it is seen from outside. */
export interface Watched {
  /** The process number of its session on the server; `null` while it is being opened. */
  readonly processID: number | null
  /** Whether a response is awaited. */
  readonly isWaiting: boolean
  /** How many bytes went either way so far. */
  readonly bytes: number
  cut(error: Error): void
}

export interface SessionWatchOptions {
  /** Opens a connection of the same login role, which may be silent for so long; over it the server is asked. */
  open: (silenceMs: number) => Promise<pg.Client>
  /** The connections in use, or being opened, at any moment. */
  inUse: ReadonlySet<Watched>
  /** After so much silence the server is asked, and later ever more rarely. */
  suspicionMs: number
  /** Called when a connection was found dead and cut. */
  onDead: () => void
}

/** A connection that carries nothing more although neither end has noticed, such as one that a router forgot. */
export class ConnectionDead extends Error {
  override name = 'ConnectionDead'
  constructor() {
    super('The connection to the database is dead.')
  }
}

/** How long a session must have been idle, in both of two looks. */
const idleMs = 500
const betweenLooksMs = 250
const looksPerSuspicion = 4
/** The connection of the watch may be dead as well: it is given up early, and later only where the network is slow. */
const longestSilenceMs = 10_000

interface Silence {
  bytes: number
  since: number
  /** How long it may last until the server is asked. */
  patienceMs: number
}

interface Suspect {
  connection: Watched
  silence: Silence
}

/**
 * Cuts connections that are dead, and ends their sessions, whose locks others wait for. The server tells which: a session
 * that waits for its client's next statement, while the client waits for a response, is unreachable; and so is a connection
 * that is still being opened when a later one is open already. Returns the function that ends the watch.
 */
export function watchSessions({
  open,
  inUse,
  suspicionMs,
  onDead,
}: SessionWatchOptions): () => Promise<void> {
  const silences = new WeakMap<Watched, Silence>()
  let looking: Promise<void> | undefined
  let ownSilenceMs = suspicionMs

  /** How long the response of a connection has been awaited in silence. */
  function silenceOf(connection: Watched): Silence {
    const { bytes, isWaiting } = connection
    const known = silences.get(connection)
    if (known && isWaiting && known.bytes === bytes) return known
    const silence = { bytes, since: performance.now(), patienceMs: suspicionMs }
    silences.set(connection, silence)
    return silence
  }

  function findSuspects(): Suspect[] {
    return [...inUse].flatMap((connection) => {
      const silence = silenceOf(connection)
      return performance.now() - silence.since < silence.patienceMs ? [] : [{ connection, silence }]
    })
  }

  async function look(): Promise<void> {
    const suspects = findSuspects()
    if (suspects.length === 0) return
    const began = performance.now()
    const server = await open(ownSilenceMs)
    try {
      const openedMs = performance.now() - began
      const idle = await findIdle(server, suspects)
      const dead = suspects.filter(({ connection: { processID }, silence }) => {
        const silentMs = performance.now() - silence.since
        silence.patienceMs = 2 * silentMs
        // On a slow network the statement, or the response, may still be on its way.
        if (processID === null) return openedMs < silentMs / 4
        return idle.sessions.has(processID) && idle.roundTripMs < silentMs / 4
      })
      await end(server, dead)
      ownSilenceMs = suspicionMs
    } finally {
      await server.end().catch(() => {})
    }
  }

  async function end(server: pg.Client, suspects: Suspect[]): Promise<void> {
    const dead = suspects.filter(({ connection, silence }) => silenceOf(connection) === silence)
    if (dead.length === 0) return
    const sessions = dead.flatMap(({ connection: { processID } }) => processID ?? [])
    for (const { connection } of dead) connection.cut(new ConnectionDead())
    onDead()
    await server.query(endIdle, [sessions, idleMs / 1000])
  }

  const timer = setInterval(() => {
    looking ??= look()
      .catch(() => {
        ownSilenceMs = Math.min(2 * ownSilenceMs, longestSilenceMs)
      })
      .finally(() => (looking = undefined))
  }, suspicionMs / looksPerSuspicion).unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}

const idleSessions = `from pg_stat_activity where pid = any($1) and state like 'idle%'
  and state_change < clock_timestamp() - make_interval(secs => $2)`
const endIdle = `select pg_terminate_backend(pid) ${idleSessions}`

/** Those sessions of some suspects that have been waiting for a statement for a while. */
async function findIdle(
  server: pg.Client,
  suspects: Suspect[],
): Promise<{ sessions: Set<number>; roundTripMs: number }> {
  const ask = async (asked: number[]) => {
    const { rows } = await server.query<{ pid: number }>(`select pid ${idleSessions}`, [asked, idleMs / 1000])
    return rows.map(({ pid }) => pid)
  }
  const idle = await ask(suspects.flatMap(({ connection: { processID } }) => processID ?? []))
  await pause(betweenLooksMs)
  const began = performance.now()
  const sessions = new Set(await ask(idle))
  return { sessions, roundTripMs: performance.now() - began }
}
