import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { addDays } from '../domain/clock.ts'

const trailingDays = 7

/** Before any of the services that there are kept anything: days before it are asked of none. */
export const firstAskedDay = '2000-01-01'

/** How many days back, today included, every sync asks of a stream. */
export function lookbackOf(plugin: PluginDeclaration, stream: string): number {
  return plugin.streams[stream]?.lookbackDays ?? trailingDays
}

/** The last seven days, today included. */
export function lastDays(today: string): { from: string; to: string } {
  return { from: addDays(today, 1 - trailingDays), to: today }
}
