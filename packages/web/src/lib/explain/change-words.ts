import type { ValueChange } from '@tributary/engine'
import { valueText, type ValueForm } from '../values/format-value.ts'

/** Says of a value's last change what it was, up to its date; the value may stay and something about it be another. */
export function changeWords(
  { from, to }: Pick<ValueChange, 'from' | 'to'>,
  form: ValueForm,
  merged: boolean,
): string {
  if (from === null) return 'There since'
  if (from === to) return merged ? 'Unchanged, from another source since' : 'Unchanged, by another rule since'
  const [before, now] = [valueText(from, form), valueText(to, form)]
  return before === now ? 'Changed by less than is shown on' : `Changed from ${before} to ${now} on`
}
