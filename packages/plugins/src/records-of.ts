import { isRejected, parseEach, type RejectedRecord } from '@tributary/plugin-sdk'
import { z } from 'zod'

/**
 * A list whose items are parsed one by one: those that do not fit become rejected records, and the list stays readable. The
 * list itself must be there.
 *
 * `datesOf` returns the local days of an item that does not fit, e.g. `({ dateTime }) => [dateTime]`.
 */
export function recordsOf<Item>(
  schema: z.ZodType<Item>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it is not known what the item looks like
  datesOf?: (item: any) => string[] | undefined,
): z.ZodType<(Item | RejectedRecord)[]> {
  return z.array(z.unknown()).transform((items) => parseEach(schema, items, datesOf))
}

/** Separates the records of a list from those that did not fit. */
export function splitRejected<Item>(items: (Item | RejectedRecord)[]): {
  records: Item[]
  rejected: RejectedRecord[]
} {
  return {
    records: items.filter((item): item is Item => !isRejected(item)),
    rejected: items.filter(isRejected),
  }
}

/** A rejected record with the local days that it belongs to, where only a mapping knows the zone; unchanged where they cannot be told. */
export function withDates(
  rejected: RejectedRecord,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it is not known what the record looks like
  datesOf: (record: any) => string[],
): RejectedRecord {
  try {
    return { ...rejected, dates: datesOf(rejected.record) }
  } catch {
    return rejected
  }
}

/** The days that a list is about, those of its rejected records among them. */
export function daysIn<Item>(items: (Item | RejectedRecord)[], dayOf: (item: Item) => string): string[] {
  return items.flatMap((item) => (isRejected(item) ? (item.dates ?? []) : [dayOf(item)]))
}
