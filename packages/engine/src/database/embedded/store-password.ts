import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Reads the password that an earlier start has kept in the data folder. */
export async function readPassword(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Makes a password that needs no escaping in SQL or in an address. */
export function makePassword(): string {
  return randomBytes(24).toString('base64url')
}

/** Keeps the password in the data folder, for our user's eyes only. */
export async function keepPassword(dataDir: string, password: string): Promise<void> {
  const path = join(dataDir, 'postgres-password')
  await writeFile(`${path}.unfinished`, password + '\n', { mode: 0o600 })
  await rename(`${path}.unfinished`, path)
}
