import { join } from 'node:path'

/**
 * Chooses the data folder of an installation whose owner has set none: `data` in the project's folder, or,
 * where PostgreSQL's user could not reach that, `/var/lib/tributary`. `blockedParent` comes from
 * `findBlockedParent`; a `notice` is to be logged as a warning.
 */
export function chooseDataDir(where: {
  root: boolean
  projectFolder: string
  blockedParent: string | undefined
}): { dataDir: string; notice: string | undefined } {
  const usual = join(where.projectFolder, 'data')
  if (!where.root || where.blockedParent === undefined) return { dataDir: usual, notice: undefined }
  const dataDir = '/var/lib/tributary'
  const notice =
    `The data goes to ${dataDir} instead of ${usual}, because Tributary runs as root and PostgreSQL, which never ` +
    `does, cannot enter ${where.blockedParent}; set TRIBUTARY_DATA_DIR to choose another folder.`
  return { dataDir, notice }
}
