import { join } from 'node:path'
import { openConnection } from '../connection.ts'
import { readPassword } from './store-password.ts'
import { readPostmasterFile } from './postmaster-file.ts'

/** The address of the database of a Tributary that runs on this data folder; `undefined`: none answers there. */
export async function findRunningPostgres(dataDir: string): Promise<string | undefined> {
  const server = await readPostmasterFile(join(dataDir, 'postgres'))
  const password = await readPassword(dataDir)
  if (!server?.ready || password === undefined) return undefined
  const url = `postgres://postgres:${password}@127.0.0.1:${server.port}/tributary`
  try {
    const client = await openConnection({ url })
    await client.end()
    return url
  } catch {
    return undefined
  }
}
