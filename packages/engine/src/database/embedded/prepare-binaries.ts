import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { BinaryPackage } from './locate-package.ts'
import { runProgram, type Account } from './run-program.ts'

/** Where PostgreSQL's programs are that its user can run. */
export interface Binaries {
  initdb: string
  postgres: string
  pgCtl: string
}

/**
 * Gives programs that PostgreSQL's user can run: those of the npm package, mended where npm did not run its
 * install script, or a copy in the data folder where the package is out of that user's reach or cannot be
 * mended.
 * Throws EmbeddedPostgresError when they do not run on this machine.
 */
export async function prepareBinaries(
  { native, version }: BinaryPackage,
  dataDir: string,
  account: Account | undefined,
): Promise<Binaries> {
  await linkLibraries(native)
  if ((await findFault(native, account)) === undefined) return listBinaries(native)

  const copy = join(dataDir, `postgres-bin-${version}`)
  if ((await findFault(copy, account)) === undefined) return listBinaries(copy)
  await replaceCopies(native, copy)
  const fault = await findFault(copy, account)
  if (fault === undefined) return listBinaries(copy)
  throw new EmbeddedPostgresError(
    `The PostgreSQL that came with Tributary does not run on this machine (${fault}): set DATABASE_URL to a ` +
      `PostgreSQL of your own.`,
  )
}

function listBinaries(native: string): Binaries {
  const at = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') }
}

/** npm packages carry no symbolic links: the package lists those that its install script makes. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // What is there already or cannot be made shows when the programs are tried.
    await symlink(relative(dirname(target), source), join(dirname(native), target)).catch(() => {})
  }
}

async function findFault(native: string, account: Account | undefined): Promise<string | undefined> {
  const { initdb, postgres, pgCtl } = listBinaries(native)
  for (const program of [postgres, initdb, pgCtl]) {
    try {
      const { code, output } = await runProgram(program, ['--version'], { account })
      if (code !== 0) return output || `${program} ended with code ${code}`
    } catch (error) {
      return (error as Error).message
    }
  }
  return undefined
}

async function replaceCopies(native: string, copy: string): Promise<void> {
  const dataDir = dirname(copy)
  for (const entry of await readdir(dataDir)) {
    if (entry.startsWith('postgres-bin-')) await rm(join(dataDir, entry), { recursive: true })
  }
  const unfinished = join(dataDir, 'postgres-bin-unfinished', basename(native))
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await linkLibraries(unfinished)
  await openToAll(unfinished)
  await chmod(dirname(unfinished), 0o755)
  await rename(unfinished, copy)
  await rm(dirname(unfinished), { recursive: true })
}

/** The package may have been unpacked under a strict umask, or without the programs' modes. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644)
  }
}
