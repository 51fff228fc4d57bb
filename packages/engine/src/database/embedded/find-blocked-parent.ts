import { realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { faultOf } from '../machine-faults.ts'
import { findPostgresUser } from './choose-account.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { runProgram, type Account } from './run-program.ts'

const NOBODY: Account = { uid: 65534, gid: 65534 }

/**
 * Finds the folder above `folder` that PostgreSQL's user cannot enter; there is none where we are not root,
 * since PostgreSQL then runs as we do. The folder itself need not exist yet.
 * Throws EmbeddedPostgresError when root may not act as another user here.
 */
export async function findBlockedParent(folder: string, account?: Account): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const visitor = account ?? (await findPostgresUser()) ?? NOBODY
  const nearest = await findExisting(dirname(resolve(folder)))
  if (await canEnter(nearest, visitor)) return undefined
  for (const parent of listDownTo(nearest)) if (!(await canEnter(parent, visitor))) return parent
  return undefined
}

/**
 * Says whether a user can enter a folder, by trying: access lists and mounts count, not only the mode.
 * Throws EmbeddedPostgresError when root may not act as another user here.
 */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  try {
    return (await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { account })).code === 0
  } catch (error) {
    if (faultOf(error) === 'too-many-files') throw error
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and root may not start programs as another user here ` +
        `(${(error as Error).message}): start Tributary as an ordinary user, or set DATABASE_URL.`,
    )
  }
}

async function findExisting(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return findExisting(dirname(folder))
  }
}

function listDownTo(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [...listDownTo(parent), folder]
}
