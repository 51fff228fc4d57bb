import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { addDays } from '../domain/clock.ts'

/** The first day that a stream still gives; `undefined` where it gives them all. */
export function firstGiven(plugin: PluginDeclaration, stream: string, today: string): string | undefined {
  const days = plugin.streams[stream]?.historyDays
  return days === undefined ? undefined : addDays(today, 1 - days)
}

/** The first day that history asks of a stream. */
export function historyFloor(
  plugin: PluginDeclaration,
  stream: string,
  historyFrom: string,
  today: string,
): string {
  const given = firstGiven(plugin, stream, today)
  return given !== undefined && given > historyFrom ? given : historyFrom
}
