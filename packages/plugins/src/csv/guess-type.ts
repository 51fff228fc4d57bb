import type { FieldType } from '@tributary/plugin-sdk'
import { readDuration, readTime } from './read-clock.ts'
import type { NumberReader } from './read-number.ts'

const spans =
  /duration|length|elapsed|sleep|asleep|in bed|dauer|länge|schlaf|durée|sommeil|duraci|sueñ|duur|slaap|lengte/i
const points = /start|begin|onset|\bend|ende$|bed ?time|\bwake|wach|from\b|until|\bat\b|\bvon\b|\bbis\b/i

/**
 * What most of a column's cells are. `h:mm` is a duration where the column's name says so or a cell is past 24 hours, and else
 * a time of day.
 */
export function guessType(column: string, cells: readonly string[], readNumber: NumberReader): FieldType {
  const most = (read: (cell: string) => number | undefined): boolean =>
    cells.filter((cell) => read(cell) !== undefined).length * 2 > cells.length
  if (most(readNumber)) return 'number'
  const long = cells.some((cell) => (readDuration(cell) ?? 0) > 24 * 3600)
  if ((long || (spans.test(column) && !points.test(column))) && most(readDuration)) return 'duration'
  return most(readTime) ? 'time' : 'text'
}
