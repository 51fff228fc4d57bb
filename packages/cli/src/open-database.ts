import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  chooseDataDir,
  type EmbeddedPostgres,
  explainStart,
  findBlockedParent,
  findRunningPostgres,
  type Log,
  type Settings,
  startEmbeddedPostgres,
} from '@tributary/engine'

const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** The folder for what must last, made if it is not there; `data` in the project's folder unless the settings say otherwise. */
export async function openDataDir(settings: Settings, log: Log): Promise<string> {
  const dataDir = settings.dataDir ?? (await defaultDataDir(settings, log))
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw explainStart(error, dataDir)
  }
  return dataDir
}

async function defaultDataDir({ databaseUrl }: Settings, log: Log): Promise<string> {
  const usual = join(projectFolder, 'data')
  if (databaseUrl !== undefined) return usual
  const blockedParent = await findBlockedParent(usual)
  const { dataDir, notice } = chooseDataDir({ root: process.getuid?.() === 0, projectFolder, blockedParent })
  if (notice) log.warn(notice)
  return dataDir
}

/** The database of `DATABASE_URL`, or an embedded one in the data folder. */
export async function openDatabase(settings: Settings, dataDir: string, log: Log): Promise<EmbeddedPostgres> {
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl, stop: () => Promise.resolve() }
  return startEmbeddedPostgres({
    dataDir,
    log,
    // Whoever watches over the process can start it again where something else has changed.
    onGone({ message }) {
      console.error(message)
      process.exit(1)
    },
  })
}

/** As `openDatabase`, and also where an app runs on the embedded one: then that stays when `stop` was called. */
export async function reachDatabase(
  settings: Settings,
  dataDir: string,
  log: Log,
): Promise<EmbeddedPostgres> {
  const url = settings.databaseUrl === undefined ? await findRunningPostgres(dataDir) : undefined
  return url === undefined ? openDatabase(settings, dataDir, log) : { url, stop: () => Promise.resolve() }
}
