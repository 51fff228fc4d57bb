import type { ConnectionState, PluginStatus } from '@tributary/engine'

/** How a state is shown: a colour and words. */
export interface StateWords {
  tone: 'good' | 'warn' | 'bad' | 'quiet'
  words: string
}

const states: Record<ConnectionState, StateWords> = {
  connected: { tone: 'good', words: 'Connected' },
  retrying: { tone: 'warn', words: 'Trying again soon' },
  'needs-reauthorization': { tone: 'bad', words: 'Needs your permission again' },
  misconfigured: { tone: 'bad', words: 'Needs an admin: the service rejects these settings' },
  paused: { tone: 'quiet', words: 'Paused' },
  retired: { tone: 'quiet', words: 'The service has ended' },
  disconnected: { tone: 'quiet', words: 'Not connected' },
}

const files: Record<'some' | 'none', StateWords> = {
  some: { tone: 'good', words: 'Files imported' },
  none: { tone: 'quiet', words: 'No file yet' },
}

/** Names the state of a source for one user. */
export function stateWords({
  state,
  configured,
  enabled,
  connectBy,
}: Pick<PluginStatus, 'state' | 'configured' | 'enabled'> &
  Partial<Pick<PluginStatus, 'connectBy'>>): StateWords {
  if (connectBy === 'upload') return state === 'connected' ? files.some : files.none
  if (!enabled && (state === 'connected' || state === 'retrying')) return states.paused
  if (state !== null && state !== 'disconnected') return states[state]
  return configured ? states.disconnected : { tone: 'quiet', words: 'Not set up yet' }
}

/** The one thing that a person can do next about a source. */
export type NextAction = 'connect' | 'connect-again' | 'correct' | 'switch-on' | 'sync' | 'none'

/** Finds the next action by the state; a retired service can be neither connected nor read unless it is simulated. */
export function nextAction(
  status: Pick<PluginStatus, 'state' | 'configured' | 'simulated' | 'enabled' | 'plugin'>,
): NextAction {
  const { state, configured, simulated, enabled, plugin } = status
  if (state === 'retired' || (plugin.retired && !simulated)) return 'none'
  if (!configured) return 'none'
  if (state === null || state === 'disconnected') return 'connect'
  if (state === 'needs-reauthorization') return 'connect-again'
  if (state === 'misconfigured') return 'correct'
  return enabled ? 'sync' : 'switch-on'
}

/** Names what the user wants imported and did not allow at the provider; `null` where there is none. */
export function ungrantedStreams({
  connected,
  streams,
}: Pick<PluginStatus, 'connected' | 'streams'>): string | null {
  if (!connected) return null
  const names = streams.filter(({ enabled, granted }) => enabled && !granted).map(({ name }) => name)
  return names.length > 0 ? new Intl.ListFormat('en', { type: 'conjunction' }).format(names) : null
}

/** Why nothing can be imported now, and what changes that; `null`: it can. */
export function importHindrance(status: Parameters<typeof nextAction>[0]): string | null {
  const { name } = status.plugin
  const sentences: Record<NextAction, string | null> = {
    sync: null,
    'switch-on': `Switch ${name} on to import days again.`,
    connect: `Connect ${name} to import days again.`,
    'connect-again': `Connect ${name} again to import days again.`,
    correct: `Days can be imported again when that is corrected.`,
    none: status.configured
      ? `${name} gives nothing any more; what was imported stays.`
      : `Days can be imported again when ${name} is set up.`,
  }
  return sentences[nextAction(status)]
}

/** Whether there is a connection that can be ended. */
export function isConnection({ state }: Pick<PluginStatus, 'state'>): boolean {
  return state !== null && state !== 'disconnected'
}
