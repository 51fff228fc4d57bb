import type { PluginStatus } from '@tributary/engine'
import { addDays } from '../days.ts'
import { type NamedSuccession, nameSuccession } from '../succession/name-succession.ts'
import { engine } from './engine.ts'

const days = 3_650

/** How the sources of a kind follow each other, in the last ten years; `null` where nothing is to be told of it. */
export async function readSuccession(
  userId: string,
  metric: string,
  plugins: PluginStatus[],
  today: string,
): Promise<NamedSuccession | null> {
  const [owner, kind = ''] = metric.split('.')
  if (owner !== 'metric') return null
  const range = { metric, from: addDays(today, 1 - days), to: today }
  const found = await engine().metrics.compare(userId, range)
  if (found.seams.length === 0 && found.comparisons.length === 0) return null
  return nameSuccession(found, kind, plugins)
}
