import type { TokenSet } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'
import type { Sealer, UserPlace } from '../secrets/sealer.ts'
import { openForUser, sealForUser } from '../secrets/user-secrets.ts'

/** What a connection keeps sealed. */
export interface Credentials {
  accessToken: string
  refreshToken: string | null
}

/** The columns of `user_integrations` that hold the tokens of a connection. */
export async function credentialColumns(
  db: Transaction,
  sealer: Sealer,
  connection: { id: string; user_id: string },
  tokens: TokenSet,
) {
  const { accessToken, refreshToken } = tokens
  return {
    credentials: await sealForUser(
      db,
      sealer,
      JSON.stringify({ accessToken, refreshToken } satisfies Credentials),
      placeOf(connection),
    ),
    access_expires_at: tokens.expiresAt?.toString() ?? null,
    refresh_expires_at: tokens.refreshExpiresAt?.toString() ?? null,
  }
}

export async function openCredentials(
  db: Transaction,
  sealer: Sealer,
  connection: { id: string; user_id: string; credentials: Buffer },
): Promise<Credentials> {
  return JSON.parse(await openForUser(db, sealer, connection.credentials, placeOf(connection))) as Credentials
}

function placeOf({ id, user_id }: { id: string; user_id: string }): UserPlace {
  return { table: 'user_integrations', column: 'credentials', row: id, user: user_id }
}
