import type { TokenSet } from '@tributary/plugin-sdk'
import type { Place, Sealer } from '../secrets/sealer.ts'

/** What a connection keeps sealed. */
export interface Credentials {
  accessToken: string
  refreshToken: string | null
}

/** The columns of `user_integrations` that hold the tokens of a connection. */
export function credentialColumns(
  sealer: Sealer,
  connection: { id: string; user_id: string },
  tokens: TokenSet,
) {
  const { accessToken, refreshToken } = tokens
  return {
    credentials: sealer.seal(
      JSON.stringify({ accessToken, refreshToken } satisfies Credentials),
      placeOf(connection),
    ),
    access_expires_at: tokens.expiresAt?.toString() ?? null,
    refresh_expires_at: tokens.refreshExpiresAt?.toString() ?? null,
  }
}

export function openCredentials(
  sealer: Sealer,
  connection: { id: string; user_id: string; credentials: Buffer },
): Credentials {
  return JSON.parse(sealer.open(connection.credentials, placeOf(connection))) as Credentials
}

function placeOf({ id, user_id }: { id: string; user_id: string }): Place {
  return { table: 'user_integrations', column: 'credentials', row: id, user: user_id }
}
