const none = new Set(['', '-', '–', '—', '--', 'na', 'n/a', '#n/a', 'nan', 'null'])

/** Whether a trimmed cell says that there is no value. */
export function isNone(cell: string): boolean {
  return cell.length <= 4 && none.has(cell.toLowerCase())
}
