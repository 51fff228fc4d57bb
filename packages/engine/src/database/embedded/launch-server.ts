import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { chooseFreePort } from './choose-free-port.ts'
import type { Cluster } from './cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { findReason } from './find-reason.ts'
import type { Log } from './log.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { childOptions } from './run-program.ts'
import { openServerLog, readLogSince } from './server-log.ts'
import { startArguments } from './server-settings.ts'

const PATIENCE = 15_000

/**
 * The port was taken between our choice and the start; or a killed server's processes are still at a query.
 */
const PASSING = /could not (bind|create any TCP)|pre-existing shared memory block/

/** A server that takes connections. */
export interface RunningServer {
  port: number
  process: ChildProcess
  /** Resolves, with what ended it, when its process is gone. */
  ended: Promise<string>
}

interface Launch {
  logFile: string
  durable: boolean
  log: Log
}

/**
 * Starts the server on a free port of this machine and waits until it takes connections, through a recovery
 * too.
 * Throws EmbeddedPostgresError with PostgreSQL's own reason when it ends instead.
 */
export async function launchServer(cluster: Cluster, launch: Launch): Promise<RunningServer> {
  const output = await openServerLog(launch.logFile)
  try {
    const deadline = Date.now() + PATIENCE
    while (true) {
      const { size } = await output.stat()
      const server = spawnServer(cluster, await chooseFreePort(), output.fd, launch.durable)
      if (await becomesReady(cluster.folder, server, launch.log)) return server
      const told = await readLogSince(output, size)
      if (PASSING.test(told) && Date.now() < deadline) {
        await pause(200)
        continue
      }
      const reason = told ? findReason(told) : await server.ended
      throw new EmbeddedPostgresError(`PostgreSQL could not start (${reason}): see ${launch.logFile}.`)
    }
  } finally {
    await output.close()
  }
}

function spawnServer(
  { folder, binaries, account }: Cluster,
  port: number,
  output: number,
  durable: boolean,
): RunningServer {
  const child = spawn(binaries.postgres, ['-D', folder, '-p', String(port), ...startArguments(durable)], {
    ...childOptions(account),
    stdio: ['ignore', output, output],
    // Away from the terminal: its Ctrl-C would stop the database before we have ended our own work with it.
    detached: true,
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
  })
  return { port, process: child, ended }
}

async function becomesReady(folder: string, server: RunningServer, log: Log): Promise<boolean> {
  const patience = setTimeout(
    () => log.info('PostgreSQL takes a while to start; it may be recovering.'),
    5_000,
  )
  const ended = server.ended.then(() => 'ended' as const)
  try {
    while ((await Promise.race([ended, pause(20)])) !== 'ended') {
      const file = await readPostmasterFile(folder)
      if (file?.pid === server.process.pid && file?.ready) return true
    }
    return false
  } finally {
    clearTimeout(patience)
  }
}
