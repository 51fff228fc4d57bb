import type { Cluster } from './cluster.ts'
import { runProgram } from './run-program.ts'

const patienceSeconds = 10

/**
 * Stops the server of a database and waits a few seconds for its end: `fast` cuts its clients off and writes everything,
 * `immediate` leaves that to the recovery at the next start.
 */
export function stopServer(
  { folder, binaries, account }: Cluster,
  mode: 'fast' | 'immediate',
): Promise<{ code: number | null; output: string }> {
  const args = ['stop', '-D', folder, '-m', mode, '-w', '-t', String(patienceSeconds)]
  return runProgram(binaries.pgCtl, args, { account })
}
