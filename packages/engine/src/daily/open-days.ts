import { readZone } from '../calendar/read-zone.ts'
import { localDay } from '../domain/clock.ts'
import { together } from '../database/together.ts'
import type { DailyValues, IncompleteValue, MetricForm } from '../contract/engine.ts'
import { firstOpenDay } from '../planning/record-coverage.ts'
import type { Parts } from '../parts.ts'
import { readDaysAtWork } from './days-at-work.ts'
import { readMetricForms } from './metric-forms.ts'

/** The days of a range on which values may not be final. */
export interface OpenDays {
  isOpen(date: string): boolean
  /** Why a value is not final; `undefined` where it is. `source`: the id of the source that a merged value is of. */
  reasonOf(metric: string, date: string, source?: string): IncompleteValue['reason'] | undefined
}

/** The night that ends on a day is over while the day lasts. */
const nights: readonly MetricForm['kind'][] = [
  'sleep-duration',
  'sleep-deep',
  'sleep-light',
  'sleep-rem',
  'sleep-awake',
]

/** Whether a value can still change while its day lasts: a time of day, a text and a night's sleep do not. */
function changesUntilMidnight({ type, kind }: MetricForm): boolean {
  return (type === 'number' || type === 'duration') && !nights.includes(kind)
}

/**
 * Reads on which days of a range values are not final: today in the user's zone, and those that a source may still
 * complete. Averages and extremes leave such values out.
 */
export async function readOpenDays(
  { database, registry, clock }: Pick<Parts, 'database' | 'registry' | 'clock'>,
  userId: string,
  range: { from: string; to: string },
): Promise<OpenDays> {
  return database.asUser(userId, async (db) => {
    const zone = await readZone(db, userId)
    const today = localDay(clock.now(), zone)
    const firstOpen = firstOpenDay(clock.now(), zone)
    const [formOf, atWork] = await together([
      range.to >= today ? readMetricForms(db, registry, userId) : Promise.resolve(() => undefined),
      readDaysAtWork(db, registry, { ...range, userId, today, firstOpen }),
    ])
    return {
      isOpen: (date) => date >= today || atWork.hasDate(date),
      reasonOf(metric, date, source) {
        const form = date >= today ? formOf(metric) : undefined
        if (form && changesUntilMidnight(form)) return 'day-not-over'
        return atWork.has(date, metric, source) ? 'source-at-work' : undefined
      },
    }
  })
}

/** Which values of days are not final. */
export function incompleteOf({ isOpen, reasonOf }: OpenDays, days: DailyValues[]): IncompleteValue[] {
  return days
    .filter(({ date }) => isOpen(date))
    .flatMap(({ date, values, sources }) =>
      Object.entries(values).flatMap(([metric, value]) => {
        const reason = value === null ? undefined : reasonOf(metric, date, sources?.[metric])
        return reason === undefined ? [] : [{ date, metric, reason }]
      }),
    )
}
