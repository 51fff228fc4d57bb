import { randomBytes } from 'node:crypto'
import type { Database, Transaction } from '../database/database.ts'
import type { Sealer } from './sealer.ts'
import { installationSecretPlace } from './sealed-by-ring.ts'

/** What the installation keeps for itself, the same in every process and whatever becomes of the keys. */
const purposes = ['session cookies', 'known browsers', 'attempts', 'backup codes'] as const
type Purpose = (typeof purposes)[number]

/** The installation's secrets, by what each is for. */
export type InstallationSecrets = Readonly<Record<Purpose, string>>

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

export async function readInstallationSecrets(
  database: Database,
  sealer: Sealer,
): Promise<InstallationSecrets> {
  const rows = await database.asSystem((db) =>
    db
      .selectFrom('installation_secrets')
      .select(['purpose', 'sealed_value'])
      .where('purpose', 'in', purposes)
      .execute(),
  )
  const secrets = rows.map(({ purpose, sealed_value }) => [
    purpose,
    sealer.open(sealed_value, installationSecretPlace(purpose)),
  ])
  return Object.fromEntries(secrets) as InstallationSecrets
}
