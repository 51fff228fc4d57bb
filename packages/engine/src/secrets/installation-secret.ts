import { randomBytes } from 'node:crypto'
import type { Database, Transaction } from '../database/database.ts'
import type { Sealer } from './sealer.ts'
import { installationSecretPlace } from './sealed-by-ring.ts'

/** What the installation keeps for itself, the same in every process and whatever becomes of the keys. */
const purposes = ['session cookies'] as const
type Purpose = (typeof purposes)[number]

/** Makes those that are not there yet. */
export async function makeInstallationSecrets(db: Transaction, sealer: Sealer): Promise<void> {
  for (const purpose of purposes) {
    const secret = randomBytes(32).toString('base64url')
    await db
      .insertInto('installation_secrets')
      .values({ purpose, sealed_value: sealer.seal(secret, installationSecretPlace(purpose)) })
      .onConflict((conflict) => conflict.column('purpose').doNothing())
      .execute()
  }
}

export async function readInstallationSecret(
  database: Database,
  sealer: Sealer,
  purpose: Purpose,
): Promise<string> {
  const { sealed_value } = await database.asSystem((db) =>
    db
      .selectFrom('installation_secrets')
      .select('sealed_value')
      .where('purpose', '=', purpose)
      .executeTakeFirstOrThrow(),
  )
  return sealer.open(sealed_value, installationSecretPlace(purpose))
}
