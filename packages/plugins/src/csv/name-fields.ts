import { longestName } from './mapping.ts'

/** Leaves room for the number of one that comes again. */
const longestId = longestName - 10

/** Gives columns, by their names, the ids of their fields: letters, digits and underscores, each id once. */
export function nameFields(columns: readonly string[]): string[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    const name = column
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}_]+/gu, '_')
      .replace(/^_+|_+$/g, '')
    const id = [...name].slice(0, longestId).join('')
    return once(id || 'column', taken, (again) => `${id || 'column'}_${again}`)
  })
}

/** A name that is not taken yet, which it takes: itself, or what `number` makes of it. */
export function once(name: string, taken: Set<string>, number: (again: number) => string): string {
  let free = name
  for (let again = 2; taken.has(free); again += 1) free = number(again)
  taken.add(free)
  return free
}
