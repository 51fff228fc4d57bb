import type { FileQuestion } from '@tributary/plugin-sdk'
import { type Column, shown } from './columns.ts'
import type { CsvMapping } from './mapping.ts'
import type { CellDate } from './read-date.ts'

const offset = /^(?:UTC|GMT)?\s?([+-]\d\d?:?(?:[0-5]\d)?|±?0?0:?00)$|^(?:UTC|GMT|Z)$/i
const zoneName = /offset|zone|\btz\b/i

/** Whether most cells of a column say how far a clock is ahead of UTC, as `UTC+0100` does; `-5` and `-430` may be numbers. */
export function holdsOffsets({ name, cells }: Column): boolean {
  const sure = zoneName.test(name.slice(0, 200)) ? /[:+-]|UTC|GMT|Z/i : /:|UTC|GMT|Z/i
  return (
    cells.filter((cell) => cell.length <= 12 && sure.test(cell) && offset.test(cell)).length * 2 >
    cells.length
  )
}

export interface ZoneGuess {
  zone: string | undefined
  question: FileQuestion | undefined
}

/** A column of offsets leaves open whether the times beside it are those of the place or of UTC. */
export function guessZone(
  columns: readonly Column[],
  dates: readonly CellDate[],
  earlier: CsvMapping | undefined,
): ZoneGuess {
  const column = columns.find((one) => zoneName.test(one.name.slice(0, 200)) && holdsOffsets(one))
  if (!column || dates.some((date) => date.offset !== undefined))
    return { zone: undefined, question: undefined }
  if (earlier) return { zone: earlier.zone, question: undefined }
  const cell = shown(column.cells[0] ?? '')
  return {
    zone: undefined,
    question: {
      column: column.name,
      question: `Is the time beside "${cell}" in “${shown(column.name)}” that of the place or that of UTC?`,
      choices: [
        { value: 'local', example: 'Times are those of the place, as a clock there showed them', set: {} },
        {
          value: 'UTC',
          example: `Times are those of UTC, and ${cell} is the clock of the place`,
          set: { '/zone': 'UTC' },
        },
      ],
    },
  }
}
