import { implausibility } from '@tributary/plugin-sdk'
import { isDay, localDay } from '../domain/clock.ts'
import { readValue } from '../values/read-value.ts'
import { Problem } from '../domain/problem.ts'
import type { Parts } from '../parts.ts'
import { findField } from '../sources/find-field.ts'
import { rollUpEntry } from '../values/roll-up-entry.ts'
import { lockValues } from '../database/locks.ts'

/** A value that a user enters; `null` takes it back. */
export interface Entry {
  metric: string
  date: string
  value: number | string | null
}

const longestText = 1000

/** Keeps or takes back a value entered by hand, and recomputes the day's value: a manual entry wins. */
export async function enterValue(
  { database, registry, clock }: Pick<Parts, 'database' | 'registry' | 'clock'>,
  userId: string,
  entry: Entry,
): Promise<void> {
  const now = clock.now()
  const { metric, date, value } = entry
  // Where it is the latest, tomorrow has begun.
  if (!isDay(date) || date > localDay(now, 'Pacific/Kiritimati')) {
    throw new Problem(422, 'bad-day', 'A value is entered for a day up to today, such as 2026-01-31.')
  }
  await database.asUser(userId, async (db) => {
    const stored = await check()
    // An import that writes this day meanwhile would not know of the entry.
    await lockValues(db, userId, metric.split('.')[0] ?? '')
    if (stored === null) {
      await db
        .deleteFrom('manual_entries')
        .where('user_id', '=', userId)
        .where('metric_name', '=', metric)
        .where('day', '=', date)
        .execute()
    } else {
      const columns = {
        ...(typeof stored === 'string'
          ? { value: null, text_value: stored }
          : { value: stored, text_value: null }),
        entered_at: now.toString(),
      }
      await db
        .insertInto('manual_entries')
        .values({ user_id: userId, metric_name: metric, day: date, ...columns })
        .onConflict((conflict) => conflict.columns(['user_id', 'metric_name', 'day']).doUpdateSet(columns))
        .execute()
    }
    await rollUpEntry(db, userId, metric, date)

    async function check(): Promise<number | string | null> {
      const [owner = '', id = ''] = metric.split('.')
      const field = owner === 'manual' ? await manualField(id) : await findField(db, registry, metric)
      if (!field)
        throw new Problem(422, 'unknown-metric', 'There is no metric of that name to enter a value for.')
      try {
        const read = readValue(field, value)
        if (typeof read === 'string' && read.length > longestText)
          throw new TypeError(`${field.name} is too long`)
        const reason = typeof read === 'number' ? implausibility(field, read) : undefined
        if (reason !== undefined) throw new Problem(422, 'implausible-value', reason)
        return read
      } catch (error) {
        if (error instanceof Problem) throw error
        throw new Problem(422, 'bad-value', `This value cannot be entered: ${(error as Error).message}.`)
      }
    }

    async function manualField(id: string) {
      const templates = await db
        .selectFrom('metric_templates')
        .select('metrics')
        .where('user_id', '=', userId)
        .execute()
      const found = templates
        .flatMap(({ metrics }) => metrics)
        .find((one) => one.type === 'manual' && one.id === id)
      if (found?.type !== 'manual') return undefined
      if (found.valueType !== 'yes-no') return { name: found.name, type: found.valueType }
      if (value !== null && value !== 0 && value !== 1) {
        throw new Problem(422, 'bad-value', `${found.name} is 1 for yes or 0 for no.`)
      }
      return { name: found.name, type: 'number' as const }
    }
  })
}
