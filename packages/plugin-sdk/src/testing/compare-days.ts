import assert from 'node:assert/strict'
import type { DayValues, Installation, TestUser } from './plugin-host.ts'

/** Values are equal where they differ by no more than this part: units are converted and sums are made of fractions. */
const tolerance = 1e-5

/** The first and the last day of a range, both included. */
export interface Days {
  from: string
  to: string
}

/** The local day of the source that is so many days before today. */
export function dayBefore({ source, now }: Installation, days: number): string {
  return now().toZonedDateTimeISO(source.zone).toPlainDate().subtract({ days }).toString()
}

/** What the user's days have now, in the fields that the source's truth names. */
export async function readStored({ source }: Installation, user: TestUser, days: Days): Promise<DayValues[]> {
  const truth = await source.days(days.from, days.to)
  return user.values(fieldsOf(truth), days)
}

/** Throws where a stored value is not the true one; returns the truth. */
export async function expectTruth(
  installation: Installation,
  user: TestUser,
  days: Days,
  what: string,
): Promise<DayValues[]> {
  const truth = await installation.source.days(days.from, days.to)
  const stored = await user.values(fieldsOf(truth), days)
  assert.deepEqual(differences(stored, truth), [], `${what}, each daily value is the source’s`)
  return truth
}

/** Every value that differs, as a sentence. */
export function differences(stored: DayValues[], truth: DayValues[]): string[] {
  const byDate = new Map(stored.map(({ date, values }) => [date, values]))
  return truth.flatMap(({ date, values }) =>
    Object.entries(values).flatMap(([field, value]) => {
      const found = byDate.get(date)?.[field] ?? null
      return isEqual(found, value) ? [] : [`${date} ${field} is ${found} and not ${value}`]
    }),
  )
}

export function fieldsOf(truth: DayValues[]): string[] {
  return [...new Set(truth.flatMap(({ values }) => Object.keys(values)))]
}

function isEqual(one: number | string | null, other: number | string | null): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other
  return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(other))
}
