import { setTimeout as pause } from 'node:timers/promises'
import { DiskFullError, EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { RunningServer } from './launch-server.ts'
import type { Log } from './log.ts'

/** How long a fast shutdown may take: PostgreSQL never ends one that is requested while it recovers from a killed backend. */
const fastMs = 7_000
const immediateMs = 3_000
/** How often a server that ended is started again in vain before the app gives up, and after how many seconds. */
const restartAfterSeconds = [0, 1, 2, 4]
const fullDiskSeconds = 5

export interface Attending {
  /** Starts the server again, on the same port. Rejects when the signal is aborted. */
  launch: (signal: AbortSignal) => Promise<RunningServer>
  /** Asks the server to shut down where there are no signals. */
  stopByProgram: (mode: 'fast' | 'immediate') => Promise<unknown>
  log: Log
  /** Called when the server ended and cannot be started again. */
  onGone: (error: EmbeddedPostgresError) => void
}

/** Keeps a server running: one that ends by itself is started again. Returns the function that stops it. */
export function attendServer(
  first: RunningServer,
  { launch, stopByProgram, log, onGone }: Attending,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  let server: RunningServer | undefined = first
  let attending = attend(first)

  /** Resolves when the server has ended and is not started again. */
  async function attend(running: RunningServer): Promise<void> {
    const how = await running.ended
    server = undefined
    if (signal.aborted) return
    log.error(`PostgreSQL ended by itself (${how}). It is started again.`)
    server = await restart()
    if (!server) return
    if (signal.aborted) server.signal('immediate')
    else log.info('PostgreSQL runs again.')
    attending = attend(server)
    await attending
  }

  async function restart(): Promise<RunningServer | undefined> {
    let toldFull = false
    for (let failures = 0; !signal.aborted;) {
      try {
        return await launch(signal)
      } catch (error) {
        if (signal.aborted) return undefined
        const isFull = error instanceof DiskFullError
        if (isFull && !toldFull) log.error(`${error.message} PostgreSQL is started again when there is room.`)
        toldFull ||= isFull
        const seconds = isFull ? fullDiskSeconds : restartAfterSeconds[++failures]
        if (seconds === undefined) {
          onGone(
            new EmbeddedPostgresError(
              `PostgreSQL ended and does not start again. ${(error as Error).message}`,
            ),
          )
          return undefined
        }
        await pause(seconds * 1000, undefined, { signal }).catch(() => {})
      }
    }
    return undefined
  }

  async function stop(): Promise<void> {
    stopping.abort()
    for (const [mode, patienceMs] of [
      ['fast', fastMs],
      ['immediate', immediateMs],
    ] as const) {
      if (!server) break
      if (!server.signal(mode)) await stopByProgram(mode)
      await Promise.race([server.ended, pause(patienceMs, undefined, { ref: false })])
    }
    server?.process.kill('SIGKILL')
    await attending
  }

  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
