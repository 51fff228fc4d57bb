import type { Database } from '../database/database.ts'
import { makeInstallationSecrets } from './installation-secret.ts'
import { KeyRingError } from './key-ring.ts'
import { readKeyUses } from './key-uses.ts'
import type { Sealer } from './sealer.ts'

/** Marks a new database by its key, and refuses to start where a key that sealed something in it is missing. */
export async function checkKeys(database: Database, sealer: Sealer): Promise<void> {
  await database.asSystem(async (db) => {
    await makeInstallationSecrets(db, sealer)
    const missing = (await readKeyUses(db)).find(({ keyId }) => sealer.ring.find(keyId) === undefined)
    if (!missing) return
    throw new KeyRingError(
      `The database holds secrets sealed by key ${missing.keyId}, which is not among the given keys; put that key back into TRIBUTARY_KEYS or into the file "keys" of the data folder.`,
    )
  })
}
