import { join, resolve } from 'node:path'
import { explainStart } from '../machine-faults.ts'
import { attendServer } from './attend-server.ts'
import { chooseAccount } from './choose-account.ts'
import type { Cluster } from './cluster.ts'
import { createCluster } from './create-cluster.ts'
import type { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { inspectCluster } from './inspect-cluster.ts'
import { keepPassword, makePassword, readPassword } from './store-password.ts'
import { launchServer } from './launch-server.ts'
import { locatePackage } from './locate-package.ts'
import { lockFolder } from './lock-folder.ts'
import type { Log } from './log.ts'
import { prepareBinaries } from './prepare-binaries.ts'
import { prepareDataFolder } from './prepare-data-folder.ts'
import { setPassword } from './set-password.ts'
import { stopOrphan } from './stop-orphan.ts'
import { stopServer } from './stop-server.ts'

/** A running database of our own. */
export interface EmbeddedPostgres {
  url: string
  /** Ends the server, with everything written, and resolves when its process is gone. */
  stop(): Promise<void>
}

/**
 * Starts Tributary's own PostgreSQL on `dataDir`, made on the first start, for this process alone.
 * `durable: false` is for tests: faster, and a crash may lose the database. A server that ends by itself is started again;
 * `onGone` hears of one that cannot be.
 * Throws EmbeddedPostgresError or StartError, one sentence a person can act on, when it cannot run.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  log: Log
  durable?: boolean
  onGone?: (error: EmbeddedPostgresError) => void
}): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  try {
    return await start({ durable: true, onGone: () => {}, ...options, dataDir })
  } catch (error) {
    throw explainStart(error, dataDir)
  }
}

async function start({
  dataDir,
  log,
  durable,
  onGone,
}: Required<Parameters<typeof startEmbeddedPostgres>[0]>): Promise<EmbeddedPostgres> {
  const folder = join(dataDir, 'postgres')
  const found = await locatePackage()
  const account = await chooseAccount(folder)
  await prepareDataFolder(dataDir, account, log)
  const unlock = await lockFolder(dataDir)
  try {
    const state = await inspectCluster(folder, found.version)
    const cluster = { folder, account, binaries: await prepareBinaries(found, dataDir, account) }
    if (state === 'present') await stopOrphan(cluster, log)
    const password = await settlePassword(dataDir, cluster, state)

    const logFile = join(dataDir, 'postgres.log')
    const server = await launchServer(cluster, { logFile, durable, log })
    const stop = attendServer(server, {
      async launch(signal) {
        await stopOrphan(cluster, log)
        return launchServer(cluster, { logFile, durable, log, port: server.port, signal })
      },
      stopByProgram: (mode) => stopServer(cluster, mode),
      log,
      onGone,
    })
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${server.port}/tributary`,
      stop: () => stop().then(unlock),
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Kept only once the database knows it, so that the two agree whenever a start is cut short. */
async function settlePassword(
  dataDir: string,
  cluster: Cluster,
  state: 'present' | 'absent',
): Promise<string> {
  const kept = await readPassword(dataDir)
  const password = kept ?? makePassword()
  if (state === 'absent') await createCluster(cluster, password)
  else if (kept === undefined) await setPassword(cluster, password)
  if (kept === undefined) await keepPassword(dataDir, password)
  return password
}
