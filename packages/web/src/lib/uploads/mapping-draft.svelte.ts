import type { FileQuestion } from '@tributary/engine'
import { type ColumnDraft, draftColumns, setInDraft, settingsOf, toColumn } from './column-drafts.ts'
import type { CsvGuess, CsvMapping } from './csv-mapping.ts'

/** The parts of a mapping by which the rest of it is guessed. */
type GivenKey = 'delimiter' | 'decimal' | 'dateColumn' | 'dateFormat' | 'timeColumn'
export type Given = Partial<Record<GivenKey, string | null>>

/** How a file will be read, while a person looks it over and changes it. */
export class MappingDraft {
  delimiter = $state('')
  decimal = $state('')
  dateColumn = $state('')
  dateFormat = $state('')
  /** Empty where the dates have the times, or there are none. */
  timeColumn = $state('')
  zone: string | undefined = $state()
  columns: ColumnDraft[] = $state([])
  guess: CsvGuess = $state.raw({} as CsvGuess)
  /** The answers of a person, by the number of the question. */
  answers: Record<number, string> = $state({})
  /** Why the file cannot be read in the way that was last chosen. */
  problem: string | null = $state(null)
  #given: Given = {}
  #latest = 0
  readonly #ask: (given: Given) => Promise<CsvGuess>

  readonly header = $derived(this.guess.preview.header.filter(Boolean))
  readonly questions: FileQuestion[] = $derived(this.guess.questions)
  readonly chosen = $derived(this.columns.filter(({ include }) => include))

  /** `ask` guesses the file again, by what is set. */
  constructor(guess: CsvGuess, ask: (given: Given) => Promise<CsvGuess>) {
    this.#ask = ask
    this.#take(guess)
  }

  /** Sets a part of the mapping, and guesses the others again. Columns that a person has edited stay as they are. */
  async set(key: GivenKey, value: string): Promise<void> {
    this[key] = value
    this.#given = { ...this.#given, [key]: value === '' ? null : value }
    const latest = ++this.#latest
    try {
      const guess = await this.#ask(this.#given)
      if (latest !== this.#latest) return
      this.problem = null
      this.#take(guess)
    } catch (error) {
      if (latest === this.#latest) this.problem = (error as Error).message
    }
  }

  /** Answers a question of the guess. */
  answer(number: number, value: string): void {
    this.answers[number] = value
    const { mapping } = this.guess
    for (const [path, setting] of settingsOf(mapping, this.questions[number]?.choices ?? [], value)) {
      const [part = '', at = '', key = ''] = path
      if (part === 'columns') {
        const name = mapping.columns[Number(at)]?.column
        const draft = this.columns.find(({ column }) => column === name)
        if (draft) setInDraft(draft, key, setting)
      } else {
        Object.assign(this, { [part]: setting })
        if (typeof setting === 'string' && part !== 'zone') this.#given = { ...this.#given, [part]: setting }
      }
    }
  }

  /** What is wrong before anything is sent, as a sentence; `null`: nothing. */
  fault(): string | null {
    if (this.problem !== null) return this.problem
    const open = this.questions.find((_, number) => this.answers[number] === undefined)
    if (open) return `Answer the question about “${open.column}”.`
    if (this.chosen.length === 0) return 'Choose at least one column to import.'
    return null
  }

  toMapping(): CsvMapping {
    const { delimiter, decimal, dateColumn, dateFormat, timeColumn, zone } = this
    const { wholeDays } = this.guess.mapping
    return {
      delimiter,
      decimal,
      dateColumn,
      dateFormat,
      ...(timeColumn !== '' && { timeColumn }),
      ...(zone !== undefined && { zone }),
      ...(wholeDays && { wholeDays }),
      columns: this.chosen.map(toColumn),
    }
  }

  #take(guess: CsvGuess): void {
    const { mapping, preview } = guess
    this.guess = guess
    this.answers = {}
    this.delimiter = mapping.delimiter
    this.decimal = mapping.decimal
    this.dateColumn = mapping.dateColumn
    this.dateFormat = mapping.dateFormat
    this.timeColumn = mapping.timeColumn ?? ''
    this.zone = mapping.zone
    this.columns = draftColumns(preview.candidates.columns, mapping.columns, this.columns)
  }
}
