import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { describeStartFault, faultInText } from '../machine-faults.ts'
import { chooseFreePort } from './choose-free-port.ts'
import type { Cluster } from './cluster.ts'
import { DiskFullError, EmbeddedPostgresError } from './embedded-postgres-error.ts'
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
  /** Asks it to shut down; `false` where there are no such signals. */
  signal(mode: keyof typeof shutdownSignals): boolean
}

/** PostgreSQL, "Shutting Down the Server": fast ends its clients, immediate leaves the rest to the recovery at the next start. */
const shutdownSignals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

interface Launch {
  logFile: string
  durable: boolean
  log: Log
  /** The port to use; a free one unless given. */
  port?: number
  signal?: AbortSignal
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
      const server = spawnServer(cluster, launch.port ?? (await chooseFreePort()), output.fd, launch.durable)
      if (await becomesReady(cluster.folder, server, launch)) return server
      launch.signal?.throwIfAborted()
      const told = await readLogSince(output, size)
      if (PASSING.test(told) && Date.now() < deadline) {
        await pause(200)
        continue
      }
      const reason = told ? findReason(told) : await server.ended
      const fault = faultInText(told || reason)
      if (fault === 'disk-full') throw new DiskFullError(`The disk of ${cluster.folder} is full.`)
      const sentence = describeStartFault(fault, cluster.folder)
      if (sentence !== undefined) throw new EmbeddedPostgresError(sentence)
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
  const signal: RunningServer['signal'] = (mode) => {
    // Windows has no such signals: there they would kill it.
    if (process.platform === 'win32') return false
    child.kill(shutdownSignals[mode])
    return true
  }
  // An app that ends without having stopped it has crashed, and can wait for nothing.
  const leave = () => void signal('immediate')
  process.once('exit', leave)
  void ended.then(() => process.off('exit', leave))
  return { port, process: child, ended, signal }
}

async function becomesReady(
  folder: string,
  server: RunningServer,
  { log, signal }: Pick<Launch, 'log' | 'signal'>,
): Promise<boolean> {
  const stop = () => server.signal('immediate')
  signal?.addEventListener('abort', stop)
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
    signal?.removeEventListener('abort', stop)
  }
}
