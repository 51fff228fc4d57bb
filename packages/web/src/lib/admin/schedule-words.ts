import type { Schedule } from '@tributary/engine'

/** How many connections the schedule serves, in a sentence. */
export function connectionsSentence(connections: Schedule['connections']): string {
  if (connections === 0) return 'No connection is served: nobody has connected a source that is switched on.'
  return connections === 1 ? 'One connection is served.' : `${connections} connections are served.`
}
