import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { canDownsample, keptSeconds } from '../values/downsample.ts'
import { Problem } from '../domain/problem.ts'

/** Checks what detail a user wants of streams. Throws `Problem` 422. */
export function checkDetail(plugin: PluginDeclaration, keepEvery: Record<string, number>): void {
  for (const [stream, seconds] of Object.entries(keepEvery)) {
    if (!Object.hasOwn(plugin.streams, stream))
      throw new Problem(422, 'unknown-stream', `${plugin.name} has no stream "${stream}".`)
    const name = plugin.streams[stream]?.name ?? stream
    if (!canDownsample(plugin, stream))
      throw new Problem(422, 'no-detail', `${name} has no measurements of which fewer could be kept.`)
    if (seconds !== 0 && !keptSeconds.some((kept) => kept === seconds)) {
      throw new Problem(
        422,
        'bad-detail',
        `Of ${name} one measurement in ${keptSeconds.join(', ')} seconds can be kept, or every one (0).`,
      )
    }
  }
}

/** What is kept in the connection's row: the streams of which not every measurement stays. */
export function changeDetail(
  before: Record<string, number>,
  changes: Record<string, number>,
): Record<string, number> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, seconds]) => seconds !== 0))
}
