import type { PluginDeclaration, Window } from '@tributary/plugin-sdk'
import { addDays } from '../clock.ts'

export interface DayRange {
  from: string
  to: string
}

/** Cuts ranges of days into windows of at most `maxDays`, the newest first. */
export function cutWindows(stream: string, ranges: DayRange[], maxDays: number): Window[] {
  return ranges.flatMap(({ from, to }) => {
    const windows: Window[] = []
    for (let last = to; last >= from; last = addDays(last, -maxDays)) {
      const first = addDays(last, 1 - maxDays)
      windows.push({ stream, from: first > from ? first : from, to: last })
    }
    return windows
  })
}

/** The windows of a whole import over all streams, those with the newest days first. */
export function planWindows(plugin: PluginDeclaration, rangesOf: (stream: string) => DayRange[]): Window[] {
  return Object.entries(plugin.streams)
    .flatMap(([id, stream]) => cutWindows(id, rangesOf(id), stream.maxDaysPerRequest))
    .sort((a, b) => (a.to < b.to ? 1 : a.to > b.to ? -1 : 0))
}
