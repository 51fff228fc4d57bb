import { longestName } from './mapping.ts'

/** Leaves room for the number of one that comes again. */
const longestId = longestName - 10

/** Gives columns, by their names, the ids of their fields: letters, digits and underscores, each id once. */
export function nameFields(columns: readonly string[]): string[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    const id = fieldId(column)
    return once(id, taken, (again) => `${id}_${again}`)
  })
}

/** The id of a field by the name of its column. */
export function fieldId(column: string): string {
  // Cut first: the name may be as long as the file.
  const words = column
    .slice(0, 4 * longestId)
    .normalize('NFC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)
  const id = [...words.join('_')].slice(0, longestId).join('')
  return id || 'column'
}

/** A name that is not taken yet, which it takes: itself, or what `number` makes of it. */
export function once(name: string, taken: Set<string>, number: (again: number) => string): string {
  let free = name
  for (let again = 2; taken.has(free); again += 1) free = number(again)
  taken.add(free)
  return free
}
