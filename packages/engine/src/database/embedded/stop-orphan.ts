import { readlink, realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Cluster } from './cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { Log } from './log.ts'
import { readPostmasterFile, removePostmasterFile } from './postmaster-file.ts'
import { runProgram } from './run-program.ts'
import { stopServer } from './stop-server.ts'

/**
 * Stops the server that a killed Tributary left running on this database, and clears what a killed server
 * left there. Call it only with the folder locked.
 * Throws EmbeddedPostgresError when that server does not stop.
 */
export async function stopOrphan(cluster: Cluster, log: Log): Promise<void> {
  const left = await readPostmasterFile(cluster.folder)
  if (!left) return
  if (await isServerOf(cluster.folder, left.pid)) {
    log.warn(
      `Tributary was killed and left its PostgreSQL running (process ${left.pid}): stopping that one first.`,
    )
    await stopServer(cluster, 'fast')
    // PostgreSQL never ends a fast shutdown that is requested while it recovers from a killed backend.
    if (await isServerOf(cluster.folder, left.pid)) await stopServer(cluster, 'immediate')
    if (await isServerOf(cluster.folder, left.pid)) throw unstoppable(left.pid, cluster.folder)
  }
  await removePostmasterFile(cluster.folder)
}

async function isServerOf(folder: string, pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const at = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
    const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
    return at === (await realpath(folder)) && basename(program).startsWith('postgres')
  }
  if (process.platform === 'win32') {
    const { output } = await runProgram('tasklist', ['/NH', '/FI', `PID eq ${pid}`])
    return output.startsWith('postgres.exe')
  }
  const { output } = await runProgram('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
  return output.includes('postgres') && output.includes(folder)
}

function unstoppable(pid: number, folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `A PostgreSQL that an earlier Tributary started on ${folder} does not stop: end process ${pid} and start again.`,
  )
}
