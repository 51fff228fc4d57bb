import type { Cluster } from './cluster.ts'
import { runProgram } from './run-program.ts'

/**
 * Stops the server of a database in fast mode (clients are cut off, everything is written) and waits for
 * its end.
 */
export function stopServer({
  folder,
  binaries,
  account,
}: Cluster): Promise<{ code: number | null; output: string }> {
  return runProgram(binaries.pgCtl, ['stop', '-D', folder, '-m', 'fast', '-w', '-t', '300'], { account })
}
