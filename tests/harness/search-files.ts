import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCanary } from '../../packages/engine/src/testing/canaries.ts'

/** Looks for secrets in every file below a folder, such as that of a database that has ended; there may be none. */
export async function searchFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const found = findCanary(await readFile(path))
    if (found !== undefined) throw new Error(`a secret stands in ${path} in plain: …${found}…`)
  }
}
