import { readFile, stat } from 'node:fs/promises'
import { faultOf } from '../machine-faults.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { runProgram, type Account } from './run-program.ts'

/**
 * Chooses the account that PostgreSQL runs under: our own (`undefined`), or, since it refuses root, the
 * owner of the database that is there already, else the user `postgres`, made where it is missing.
 * Throws EmbeddedPostgresError when the database belongs to somebody else or the user cannot be made.
 */
export async function chooseAccount(folder: string): Promise<Account | undefined> {
  const self = process.getuid?.()
  if (self === undefined) return undefined
  const owner = await findOwner(folder)
  if (self === 0)
    return owner && owner.uid !== 0 ? owner : ((await findPostgresUser()) ?? createPostgresUser())
  if (owner && owner.uid !== self) {
    throw new EmbeddedPostgresError(
      `The database in ${folder} belongs to the user with number ${owner.uid}, not to yours (${self}): start ` +
        `Tributary as the user who started it first, or as root.`,
    )
  }
  return undefined
}

/** Finds the user `postgres` of this machine. */
export async function findPostgresUser(): Promise<Account | undefined> {
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8'))
  return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : undefined
}

async function findOwner(folder: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(folder)
    return { uid, gid }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function createPostgresUser(): Promise<Account> {
  let reason: string
  try {
    await runProgram('groupadd', ['--system', '--force', 'postgres'])
    const home = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin']
    reason = (await runProgram('useradd', ['--system', '--gid', 'postgres', ...home, 'postgres'])).output
  } catch (error) {
    if (faultOf(error) === 'too-many-files') throw error
    reason = (error as Error).message
  }
  const made = await findPostgresUser()
  if (made) return made
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root and a user named postgres could not be made for it (${reason}): make that ` +
      `user, start Tributary as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.`,
  )
}
