const longest = 11
const none = new Set([
  '',
  '-',
  '–',
  '—',
  '--',
  '---',
  '- -',
  'na',
  'n/a',
  'n.a.',
  'k.a.',
  'nan',
  'nil',
  'null',
  '(null)',
  'undefined',
  String.raw`\n`,
  '#n/a',
  '#null!',
  '#value!',
  '#div/0!',
  '#ref!',
  '#name?',
  '#num!',
])
/** Words that in a column of words may say something, and in one of numbers do not. */
const noneOfNumbers = new Set(['none', 'missing', 'unknown', '?', '.', 'inf', 'infinity'])

/** Whether a trimmed cell says that there is no value. */
export function isNone(cell: string): boolean {
  return cell.length <= longest && none.has(cell.toLowerCase())
}

/** Whether a trimmed cell of a column that has no words says that there is no value. */
export function isNoNumber(cell: string): boolean {
  return isNone(cell) || (cell.length <= longest && noneOfNumbers.has(cell.toLowerCase()))
}
