import type { FileQuestion } from '@tributary/plugin-sdk'
import { type Column, shown, wordsOf } from './columns.ts'
import type { InstantGuess } from './guess-instant.ts'
import type { CsvColumn } from './mapping.ts'

const thing =
  'exercise|lift|movement|habit|tracker|medication|medicine|drug|supplement|symptom|biomarker|analyte|marker|test|food|meal|item|product' +
  '|übung|gewohnheit|medikament|lebensmittel|ejercicio|hábito|medicamento|alimento|exercice|habitude|médicament|aliment'
const thingName = new RegExp(`^(?:(?:${thing})(?: (?:name|title|type))?|name of (?:${thing}))$`)

/** A column that names what each row is about, such as the exercise of a set, where a day has several of them. */
export interface Things {
  name: string
  /** Two of them. */
  examples: [string, string]
}

/** Whether a column, by its name, names what each row is about. */
export function namesThings(name: string): boolean {
  return thingName.test(wordsOf(name))
}

/** The column that names several things of one day; `undefined` where each day is about one. */
export function findThings(
  columns: readonly Column[],
  { days }: InstantGuess,
  rows: readonly string[][],
): Things | undefined {
  for (const { name, at } of columns) {
    if (!namesThings(name)) continue
    const first = new Map<string, string>()
    for (const [row, cells] of rows.entries()) {
      const day = days[row]
      const cell = cells[at] ?? ''
      if (day === undefined || !cell) continue
      const before = first.get(day) ?? cell
      if (before !== cell) return { name, examples: [before, cell] }
      first.set(day, before)
    }
  }
  return undefined
}

const ruleWords = {
  max: 'The highest of the day',
  mean: 'The mean of all of the day',
  last: 'The last of the day',
  min: 'The lowest of the day',
} as const

/** Asks what a day’s value is where a level, such as a weight, belongs to several things that have nothing in common. */
export function thingsQuestion(at: number, { column, day }: CsvColumn, things: Things): FileQuestion {
  const rules = Object.keys(ruleWords) as (keyof typeof ruleWords)[]
  const [one, other] = things.examples.map(shown)
  return {
    column,
    question: `“${shown(column)}” is of several things, which “${shown(things.name)}” names, such as "${one}" and "${other}": which of its values is that of the day?`,
    choices: rules
      .toSorted((a, b) => Number(b === day) - Number(a === day))
      .map((rule) => ({ value: rule, example: ruleWords[rule], set: { [`/columns/${at}/day`]: rule } })),
  }
}
