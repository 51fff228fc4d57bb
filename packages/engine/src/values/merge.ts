import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { compareMeasurements, type SeriesDifferences } from './compare-measurements.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import { findSeries, keyOf, type Series } from './find-series.ts'
import { applyDays, compareDays, type DayChange } from './merge-days.ts'
import type { Staged } from './stage-records.ts'
import type { Difference, IdOf, Slice, StagedWindow } from './staged-window.ts'
import { writeMeasurements } from './write-measurements.ts'
import type { JobCounts } from '../domain/job-counts.ts'
import type { DayRange } from '../domain/day-ranges.ts'
import type { SourceAccount } from '../domain/source-account.ts'

export type MergeCounts = Pick<JobCounts, 'new' | 'changed' | 'unchanged' | 'removed'>

/** What became of a window. A suspicious one was left as it is. */
export interface Merged<Window extends StagedWindow> extends MergeCounts {
  window: Window
  suspicious: boolean
  /** The days whose values it may have changed. */
  days: DayRange
}

/** What some windows would change, before anything of it is written. */
export interface Comparison {
  /** The fields of series, by id. */
  fields: ReadonlyMap<number, string>
  days: DayChange[]
  measurements: SeriesDifferences[]
}

/** Finds, in sets, where what is stored of some windows differs from what was staged. They touch different days or fields. */
export async function compare(
  db: Transaction,
  account: SourceAccount,
  zone: string,
  windows: StagedWindow[],
): Promise<Comparison> {
  const fields = [...new Set(windows.flatMap((window) => Object.keys(window.fields)))]
  const series = await findSeries(
    db,
    account,
    fields,
    windows.flatMap(({ staged }) => staged.series),
  )
  const idOf = idsBy(series, windows)
  const slices = slicesOf(series, windows, zone)
  return {
    fields: new Map(series.map(({ id, field }) => [id, field])),
    days: await compareDays(db, slices, windows, idOf),
    measurements: await compareMeasurements(db, slices, windows, idOf),
  }
}

/**
 * Brings what is stored to what was staged: new in, changed updated, gone removed, unchanged not written. Says what became
 * of each window, in their order.
 */
export async function merge<Window extends StagedWindow>(
  db: Transaction,
  account: SourceAccount,
  zone: string,
  windows: Window[],
): Promise<Merged<Window>[]> {
  const { fields, days, measurements } = await compare(db, account, zone, windows)
  const found = [...countDays(days), ...countMeasurements(measurements)]
  const merged = windows.map((window, at) => {
    const moved = measurements.filter((of) => of.window === at).flatMap((of) => of.moved)
    const ofWindow = found.filter((difference) => difference.window === at)
    return { window, ...judge(window, ofWindow, fields), days: widen(window, moved, zone) }
  })
  const isBelieved = ({ window }: { window: number }) => !merged[window]?.suspicious
  await applyDays(db, days.filter(isBelieved))
  await writeMeasurements(db, measurements.filter(isBelieved))
  return merged
}

/** The days of a window, and those that lost a measurement to it. */
function widen({ from, to }: DayRange, moved: number[], zone: string): DayRange {
  const days = moved.map((at) => localDay(Temporal.Instant.fromEpochMilliseconds(Math.floor(at)), zone))
  return {
    from: days.reduce((first, day) => (day < first ? day : first), from),
    to: days.reduce((last, day) => (day > last ? day : last), to),
  }
}

function slicesOf(series: Series[], windows: StagedWindow[], zone: string): Slice[] {
  return windows.flatMap(({ fields, from, to, staged }, window) => {
    const instants = instantsOf({ from, to }, zone)
    const { unreadableDays } = staged
    const keeps =
      unreadableDays === 'all'
        ? [instants]
        : unreadableDays.map((day) => instantsOf({ from: day, to: day }, zone))
    return series
      .filter(({ field }) => Object.hasOwn(fields, field))
      .map(({ id, field, measured }) => ({
        seriesId: id,
        window,
        from,
        to,
        ...instants,
        measured,
        byEnd: fields[field]?.belongsTo === 'end',
        keeps,
      }))
  })
}

function idsBy(series: Series[], windows: StagedWindow[]): IdOf {
  const ids = new Map(series.map((one) => [keyOf(one), one.id]))
  const byWindow = windows.map(({ staged }) =>
    staged.series.map((name) => {
      const id = ids.get(keyOf(name))
      if (id === undefined) throw new Error(`no series for ${name.field}`)
      return id
    }),
  )
  return (window, position) => byWindow[window]?.[position] ?? 0
}

function countDays(changes: DayChange[]): Difference[] {
  return changes.map(({ window, series_id, action }) => ({ window, seriesId: series_id, action, count: 1 }))
}

function countMeasurements(differences: SeriesDifferences[]): Difference[] {
  return differences.flatMap(({ window, seriesId, added, changed, removed }) => [
    { window, seriesId, action: 'new' as const, count: added.length },
    { window, seriesId, action: 'changed' as const, count: changed.length },
    { window, seriesId, action: 'removed' as const, count: removed.length },
  ])
}

function judge(
  { staged, confirmed }: StagedWindow,
  differences: Difference[],
  fields: ReadonlyMap<number, string>,
): MergeCounts & { suspicious: boolean } {
  const counts = countActions(differences)
  const total = staged.days.length + staged.measurements.length
  const suspicious = !confirmed && lacksValues(staged, differences, fields)
  return suspicious
    ? { new: 0, changed: 0, unchanged: 0, removed: 0, suspicious }
    : { ...counts, unchanged: total - counts.new - counts.changed, suspicious }
}

function countActions(differences: Difference[]) {
  const of = (action: Difference['action']) =>
    differences.reduce((sum, difference) => sum + (difference.action === action ? difference.count : 0), 0)
  return { new: of('new'), changed: of('changed'), removed: of('removed') }
}

/**
 * Whether a field would have fewer values than before, or lose most of those that it has. One lost page looks the same as values
 * that the source deleted, and another person's answer like values that it replaced, so that such an answer is requested a second
 * time before anything is removed.
 */
function lacksValues(
  staged: Staged,
  differences: Difference[],
  fields: ReadonlyMap<number, string>,
): boolean {
  const byField = Map.groupBy(differences, ({ seriesId }) => fields.get(seriesId))
  return [...byField].some(([field, found]) => {
    const { new: added, removed } = countActions(found)
    const kept = countOf(staged, field) - added
    return removed > Math.min(added, kept)
  })
}

function countOf({ series, days, measurements }: Staged, field: string | undefined): number {
  let count = days.filter((day) => series[day.series]?.field === field).length
  measurements.each((position) => {
    if (series[position]?.field === field) count += 1
  })
  return count
}
