import type { Database } from '../database/database.ts'
import { KeyRingError } from './key-ring.ts'
import { type Place, SealError, type Sealer } from './sealer.ts'

const knownText = 'tributary'

function placeOf(keyId: string): Place {
  return { table: 'key_checks', column: 'sealed_value', row: keyId, user: null }
}

/** Refuses to start where a key that sealed something in this database is missing or is another one. */
export async function checkKeys(database: Database, sealer: Sealer): Promise<void> {
  await database.asSystem(async (db) => {
    for (const { key_id, sealed_value } of await db.selectFrom('key_checks').selectAll().execute()) {
      try {
        sealer.open(sealed_value, placeOf(key_id))
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        throw new KeyRingError(
          `The database holds secrets sealed by key ${key_id}, which is not among the given keys; put that key back into TRIBUTARY_KEYS or into the file "keys" of the data folder.`,
          { cause: error },
        )
      }
    }
    await db
      .insertInto('key_checks')
      .values({ key_id: sealer.keyId, sealed_value: sealer.seal(knownText, placeOf(sealer.keyId)) })
      .onConflict((conflict) => conflict.column('key_id').doNothing())
      .execute()
  })
}
