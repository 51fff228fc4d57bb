import { chmod, mkdir, stat } from 'node:fs/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { canEnter, findBlockedParent } from './find-blocked-parent.ts'
import type { Log } from './log.ts'
import type { Account } from './run-program.ts'

/**
 * Makes the data folder, and lets PostgreSQL's user (`account`, where it is not our own) pass through it: the
 * folder may then be entered but not listed, and nothing inside is opened.
 * Throws EmbeddedPostgresError naming the folder above it that this user cannot enter.
 */
export async function prepareDataFolder(
  dataDir: string,
  account: Account | undefined,
  log: Log,
): Promise<void> {
  if (!account) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return
  }
  await refuseBlockedParent(dataDir, account)
  await mkdir(dataDir, { recursive: true, mode: 0o711 })
  if (await canEnter(dataDir, account)) return
  await refuseBlockedParent(dataDir, account)
  const mode = ((await stat(dataDir)).mode & 0o7777) | 0o011
  await chmod(dataDir, mode)
  log.info(`Made ${dataDir} enterable for PostgreSQL's user (mode ${mode.toString(8)}).`)
  if (!(await canEnter(dataDir, account))) throw unreachable(dataDir, dataDir)
}

async function refuseBlockedParent(dataDir: string, account: Account): Promise<void> {
  const blocked = await findBlockedParent(dataDir, account)
  if (blocked !== undefined) throw unreachable(dataDir, blocked)
}

function unreachable(dataDir: string, blocked: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `PostgreSQL, which never runs as root, cannot enter ${blocked} on its way to the data folder ${dataDir}: set ` +
      `TRIBUTARY_DATA_DIR to a folder that other users can enter, such as /var/lib/tributary, or start Tributary ` +
      `as an ordinary user.`,
  )
}
