import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'
import type { Connection } from './connection.ts'

type Granted = Pick<Connection, 'connected_at' | 'refresh_expires_at'>

/** How far from the declared number of days a token's end may lie. */
const slackDays = 0.5

/** What an admin can mend where a connection ends, or will, as early as its provider's half-finished clients do. */
export function earlyEndNote(
  { auth }: PluginDeclaration,
  { connected_at, refresh_expires_at }: Granted,
): string | null {
  if (auth.type !== 'oauth2' || !auth.endsEarly || !connected_at || !refresh_expires_at) return null
  const days = connected_at.until(refresh_expires_at).total('hours') / 24
  return days <= auth.endsEarly.days + slackDays ? auth.endsEarly.note : null
}

/**
 * Gives the error of a refused refresh with what an admin can do, where the token has just reached the age at which the
 * provider ends those of half-finished clients; where it told of no end, by its age alone.
 */
export function explainEnd(
  plugin: PluginDeclaration,
  { connected_at, refresh_expires_at }: Granted,
  now: Temporal.Instant,
  error: unknown,
): unknown {
  const { auth, name } = plugin
  if (auth.type !== 'oauth2' || !auth.endsEarly || !connected_at) return error
  if (!(error instanceof ImportError) || error.code !== 'reauthorize') return error
  const lived = connected_at.until(now).total('hours') / 24
  const ended = refresh_expires_at
    ? Temporal.Instant.compare(refresh_expires_at, now) <= 0
    : Math.abs(lived - auth.endsEarly.days) <= slackDays
  const note = earlyEndNote(plugin, { connected_at, refresh_expires_at: refresh_expires_at ?? now })
  if (!ended || note === null) return error
  return new ImportError('reauthorize', `${name} ended this connection. ${note}`, { cause: error })
}
