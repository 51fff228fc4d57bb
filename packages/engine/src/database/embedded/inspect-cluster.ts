import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/**
 * Says whether a database is there that this PostgreSQL (`version`) can open.
 * Throws EmbeddedPostgresError when another version made it, or the folder holds something else.
 */
export async function inspectCluster(folder: string, version: string): Promise<'present' | 'absent'> {
  if ((await listFolder(folder)).length === 0) return 'absent'
  const made = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  const major = version.split('.')[0]
  if (made === major) return 'present'
  if (made === '') {
    throw new EmbeddedPostgresError(
      `The folder ${folder} holds something that is not a PostgreSQL database: move it away and start again.`,
    )
  }
  throw new EmbeddedPostgresError(
    `The database in ${folder} was made by PostgreSQL ${made} and this Tributary brings PostgreSQL ${major}: dump ` +
      `it with PostgreSQL ${made}, move the folder away, start again and load the dump.`,
  )
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
