import type { z } from 'zod'
import { countDays } from '../days.ts'

const longest = 3_700

/** Checks that a range of days has an order and is not too long to be answered at once. */
export function checkRange({
  value: { from, to },
  issues,
}: z.core.ParsePayload<{ from: string; to: string }>): void {
  const refuse = (name: 'from' | 'to', message: string) =>
    issues.push({ code: 'custom', path: [name], message, input: { from, to } })
  if (from > to) refuse('from', 'must not be after to')
  else if (countDays(from, to) >= longest) refuse('to', `must be at most ${longest} days after from`)
}
