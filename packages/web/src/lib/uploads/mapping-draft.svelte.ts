import { type ColumnDraft, draftColumns, toColumn } from './column-drafts.ts'
import type { CsvMapping } from './csv-mapping.ts'
import { cellsOf, readTable, type Table } from './read-table.ts'

/** How a file will be read, while a person looks it over and changes it. */
export class MappingDraft {
  delimiter = $state('')
  decimal = $state('')
  dateColumn = $state('')
  dateFormat = $state('')
  columns: ColumnDraft[] = $state([])
  readonly #text: string
  readonly #guessed: CsvMapping

  readonly table = $derived(this.#split())
  /** Those that can hold values: not the dates themselves. */
  readonly choices = $derived(this.columns.filter(({ column }) => column !== this.dateColumn))
  readonly chosen = $derived(
    this.choices.filter(({ include, type }) => include && !(this.timed && type === 'text')),
  )
  /** Whether rows have a time of day, so that a day may have several. */
  readonly timed = $derived(this.#isTimed())

  constructor(text: string, guessed: CsvMapping) {
    this.#text = text
    this.#guessed = guessed
    this.delimiter = guessed.delimiter
    this.decimal = guessed.decimal
    this.dateColumn = guessed.dateColumn
    this.dateFormat = guessed.dateFormat
    this.columns = draftColumns(this.table, guessed.columns, [], guessed.dateColumn)
  }

  /** Cuts the file in another way; columns of the same name stay as they are. */
  split(delimiter: string): void {
    this.delimiter = delimiter
    const { header } = this.table
    if (!header.includes(this.dateColumn)) {
      const { dateColumn } = this.#guessed
      this.dateColumn = header.includes(dateColumn) ? dateColumn : (header[0] ?? '')
    }
    this.columns = draftColumns(this.table, this.#guessed.columns, this.columns, this.dateColumn)
  }

  /** What is wrong before anything is sent, as a sentence; `null`: nothing. */
  fault(): string | null {
    if (this.dateColumn === '') return 'Choose the column that holds the day of each row.'
    if (this.chosen.length === 0) return 'Choose at least one column to import.'
    return null
  }

  toMapping(): CsvMapping {
    const { delimiter, decimal, dateColumn, dateFormat, timed } = this
    const columns = this.chosen.map((column) => toColumn(column, timed))
    return { delimiter, decimal, dateColumn, dateFormat, columns }
  }

  #split(): Table {
    return readTable(this.#text, this.delimiter)
  }

  #isTimed(): boolean {
    const dates = cellsOf(this.table, this.dateColumn)
    return dates.filter((cell) => /\d{1,2}:\d{2}/.test(cell)).length * 2 > dates.length
  }
}
