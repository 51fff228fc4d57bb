import type { PluginStatus } from '@tributary/engine'
import { connectMessage } from './connect-messages.ts'
import { nextAction } from './connection-words.ts'

/** How connecting a source ended, for the page that the person comes back to. */
export interface ConnectOutcome {
  good: boolean
  sentence: string
  /** Where to try again, if that can help. */
  connectHref: string | null
}

/** Reads `?success=` or `?error=&plugin=`; says nothing of a success that the sources do not show. */
export function connectOutcome(query: URLSearchParams, plugins: PluginStatus[]): ConnectOutcome | null {
  const find = (id: string | null) => plugins.find(({ plugin }) => plugin.id === id) ?? null
  const connected = find(query.get('success'))
  if (connected?.connected) {
    const sentence = `${connected.plugin.name} is connected. Its last seven days are imported now, its history follows by itself.`
    return { good: true, sentence, connectHref: null }
  }
  const code = query.get('error')
  if (code === null) return null
  const tried = find(query.get('plugin'))
  if (code === 'invalid_state' && tried?.connected) {
    const sentence = `${tried.plugin.name} is connected. The answer that came now belongs to no connection that you began here, and changed nothing.`
    return { good: true, sentence, connectHref: null }
  }
  const { sentence, next } = connectMessage(code, tried?.plugin.name ?? null)
  const canConnect = tried !== null && next !== 'none' && nextAction(tried) !== 'none' && !tried.connected
  return { good: false, sentence, connectHref: canConnect ? `/api/plugins/${tried.plugin.id}/auth` : null }
}
