/**
 * Where a reader of the outbox is: it has read what the snapshot `since` saw, and of what `until` saw beyond that the events up
 * to `id`. As text, which a client stores and sends back: `SINCE` or `SINCE UNTIL ID`.
 */
export interface Cursor {
  since: string
  until?: string
  id?: string
}

export const formatCursor = ({ since, until, id }: Cursor): string =>
  [since, until, id].filter((part) => part !== undefined).join(' ')

/** Reads a cursor that a client sent; `undefined`: it is none. */
export function readCursor(text: string): Cursor | undefined {
  const [since = '', until, id, ...others] = text.split(' ')
  if (!isSnapshot(since) || others.length > 0) return undefined
  if (until === undefined) return { since }
  return isSnapshot(until) && id !== undefined && isNumber(id) ? { since, until, id } : undefined
}

const isNumber = (text: string) => /^\d{1,18}$/.test(text)

/** Whether PostgreSQL reads it as a `pg_snapshot`: the lowest open transaction, the next one, and those open between, ascending. */
function isSnapshot(text: string): boolean {
  const [lowest = '', next = '', open = '', ...others] = text.split(':')
  const ids = [lowest, ...(open === '' ? [] : open.split(',')), next]
  if (others.length > 0 || !ids.every(isNumber) || Number(lowest) === 0) return false
  const numbers = ids.map(BigInt)
  return numbers.every((id, index) => index === 0 || (numbers[index - 1] ?? 0n) <= id)
}
