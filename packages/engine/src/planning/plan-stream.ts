import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { addDays } from '../domain/clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import { earlier, later, type DayRange } from '../domain/day-ranges.ts'
import { lookbackOf } from './look-back.ts'
import type { ImportJob } from '../database/schema.ts'
import { firstGiven, historyFloor } from './backfill-floor.ts'

/** What is to be asked of a data type; of each part only those days that this job has not covered already. */
export interface StreamPlan extends StreamDataType {
  /** Whatever is known of them. */
  always?: DayRange
  /** Those asked for before, but never when they were as old as `age`: the source may have corrected them since. */
  again?: DayRange & { age: number }
  /** Those that failed, were not due yet when they were asked, or whose last answer was not written. */
  unsettled?: DayRange
  /** Those never asked for; `after`: only what lies after the first day that the stream was ever asked for. */
  missing?: DayRange & { after: boolean }
}

/**
 * What a job asks of a data type; `since`: the day that the connection was made, from which on syncs owe every day; `synced`:
 * that of the last sync in which nothing failed, after which the source may have corrected its newest days.
 */
export function planStream(
  plugin: PluginDeclaration,
  type: StreamDataType,
  job: Pick<ImportJob, 'selection' | 'from_day' | 'to_day'>,
  { history_from }: Pick<Connection, 'history_from'>,
  { since, synced, today }: { since: string; synced: string | null; today: string },
): StreamPlan {
  const { stream } = type
  const floor = historyFloor(plugin, stream, history_from, today)
  const { from_day: first, to_day: last } = job
  switch (job.selection) {
    case 'days': {
      // What a source gives no more is asked only where nothing is known: an empty answer would take away what is stored.
      const given = firstGiven(plugin, stream, today)
      if (given === undefined || first >= given) return { ...type, always: { from: first, to: last } }
      const before = { from: first, to: earlier(last, addDays(given, -1)) }
      return {
        ...type,
        always: { from: given, to: last },
        unsettled: before,
        missing: { ...before, after: false },
      }
    }
    case 'due': {
      const lookback = lookbackOf(plugin, stream)
      const always = { from: addDays(today, 1 - lookback), to: today }
      const to = addDays(always.from, -1)
      return {
        ...type,
        always,
        again: { from: later(floor, addDays(synced ?? since, 2 - lookback)), to, age: lookback - 1 },
        unsettled: { from: floor, to },
        missing: { from: later(floor, since), to, after: true },
      }
    }
    case 'never-fetched': {
      // One request may reach further back than the chunk does: limits count requests, not days.
      const reach = later(floor, addDays(last, 1 - (plugin.streams[stream]?.maxDaysPerRequest ?? 1)))
      const from = reach < first ? reach : later(first, floor)
      const days = { from, to: last }
      // What failed since it was asked for, here or in another job, is asked again: else it would end well for nothing.
      return { ...type, unsettled: days, missing: { ...days, after: false } }
    }
  }
}
