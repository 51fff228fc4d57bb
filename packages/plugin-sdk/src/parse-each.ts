import type { RejectedRecord } from './records.ts'
import type { StandardSchema } from './standard-schema.ts'

/**
 * Parses the items of a list one by one, so that one odd item does not cost the others: an item that fits the schema becomes
 * its output, any other a `RejectedRecord` with the first fault that the schema found.
 *
 * `datesOf` returns the local days of an item that does not fit, as far as it can be told; what it throws means unknown.
 */
export function parseEach<Item>(
  schema: StandardSchema<Item>,
  items: readonly unknown[],
  datesOf: (item: never) => string[] | undefined = () => undefined,
): (Item | RejectedRecord)[] {
  return items.map((item) => {
    const result = schema['~standard'].validate(item)
    if (result instanceof Promise) throw new TypeError('the schema of a record must be synchronous')
    if (!result.issues) return result.value
    const dates = datesIn(item, datesOf)
    return { rejected: reasonOf(result.issues), record: item, ...(dates ? { dates } : {}) }
  })
}

function datesIn(item: unknown, datesOf: (item: never) => string[] | undefined): string[] | undefined {
  try {
    return datesOf(item as never)
  } catch {
    return undefined
  }
}

function reasonOf(issues: readonly { message: string; path?: readonly unknown[] | undefined }[]): string {
  const [issue] = issues
  const path = (issue?.path ?? []).map((part) =>
    typeof part === 'object' && part !== null ? String(Reflect.get(part, 'key')) : String(part),
  )
  const message = issue?.message ?? 'it does not fit'
  return path.length > 0 ? `${path.join('.')}: ${message}` : message
}
