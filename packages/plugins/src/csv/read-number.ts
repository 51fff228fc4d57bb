import type { Decimal } from './mapping.ts'

/** Reads a trimmed cell as a number; `undefined` where it is none. */
export type NumberReader = (cell: string) => number | undefined

/** What groups thousands beside the sign that is not the decimal one: apostrophes and spaces, thin ones too. */
const apostrophesAndSpaces = "'’ \u00a0\u2009\u202f"
const longestNumber = 60

/** Makes the reader of numbers with a decimal sign: `1.234,5` or `1,234.5`, `1’234`, `-5`, `1,2E+05`. */
export function createNumberReader(decimal: Decimal): NumberReader {
  const point = `\\${decimal}`
  const group = `[${apostrophesAndSpaces}${decimal === ',' ? '.' : ','}]`
  const exponent = '(?:[eE][+-]?\\d+)?'
  const plain = new RegExp(`^[+-]?\\d+(?:${point}\\d+)?$`)
  const any = new RegExp(
    `^[+\\-−]?(?:(?:\\d+|[1-9]\\d{0,2}(${group})\\d{3}(?:\\1\\d{3})*)(?:${point}\\d+)?|${point}\\d+)${exponent}$`,
  )
  const groups = new RegExp(group, 'g')

  return (cell) => {
    if (cell.length > longestNumber) return undefined
    if (plain.test(cell)) return finite(decimal === ',' ? cell.replace(',', '.') : cell)
    if (!any.test(cell)) return undefined
    return finite(cell.replace(groups, '').replace(decimal, '.').replace('−', '-'))
  }
}

function finite(text: string): number | undefined {
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}
