import type { PluginDeclaration, Window } from '@tributary/plugin-sdk'
import { addDays } from '../domain/clock.ts'
import type { DayRange } from '../domain/day-ranges.ts'
import type { StreamDataType } from '../sources/data-types.ts'

/** The days to fetch of a data type, the newest first. */
export interface PlannedType extends StreamDataType {
  ranges: DayRange[]
}

/** Cuts ranges of days into windows of at most `maxDays`, the newest first. */
export function cutWindows(type: StreamDataType, ranges: DayRange[], maxDays: number): Window[] {
  return ranges.flatMap(({ from, to }) => {
    const windows: Window[] = []
    for (let last = to; last >= from; last = addDays(last, -maxDays)) {
      const first = addDays(last, 1 - maxDays)
      windows.push({ ...type, from: first > from ? first : from, to: last })
    }
    return windows
  })
}

/** The windows of a whole import over all streams and their data types, those with the newest days first. */
export function planWindows(plugin: PluginDeclaration, planned: PlannedType[]): Window[] {
  return planned
    .flatMap(({ stream, dataType, ranges }) =>
      cutWindows({ stream, dataType }, ranges, plugin.streams[stream]?.maxDaysPerRequest ?? 1),
    )
    .sort((a, b) => (a.to < b.to ? 1 : a.to > b.to ? -1 : 0))
}
