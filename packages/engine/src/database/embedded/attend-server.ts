import type { RunningServer } from './launch-server.ts'
import type { Log } from './log.ts'

/**
 * Watches over a running server: it goes when our process ends by itself, and its own end is told. Gives the
 * function that stops it. Signals stay the caller's business.
 */
export function attendServer(
  server: RunningServer,
  { askToStop, log, logFile }: { askToStop: () => Promise<unknown>; log: Log; logFile: string },
): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const leave = () => void interrupt(server)
  process.once('exit', leave)
  void server.ended.then((how) => {
    process.off('exit', leave)
    if (!stopping)
      log.error(`PostgreSQL ended by itself (${how}): see ${logFile}, then start Tributary again.`)
  })

  const stop = async () => {
    if (!interrupt(server)) await askToStop()
    await server.ended
  }
  return () => (stopping ??= stop())
}

/** SIGINT is PostgreSQL's fast shutdown; Windows has no such signal and would kill it. */
function interrupt(server: RunningServer): boolean {
  if (process.platform === 'win32') return false
  server.process.kill('SIGINT')
  return true
}
