import { parse as parseStream, type Options, type Parser } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import type { Delimiter } from './mapping.ts'

/** What a row may have of characters; a quote that never closes would else swallow the rest of a file of any length. */
export const longestRow = 1_000_000

/** A row of a file. */
export interface Row {
  /** Where it starts, counted from 1. */
  line: number
  cells: string[]
}

/** Lines end in `\n`; a quote inside a cell that does not begin with one is a character like others. */
function options(delimiter: Delimiter): Options {
  return {
    delimiter,
    record_delimiter: '\n',
    ltrim: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: longestRow,
  }
}

/** Splits a text that may end anywhere into the cells of its rows. */
export function splitText(text: string, delimiter: Delimiter): string[][] {
  return parse(text, options(delimiter)) as unknown as string[][]
}

/** The parser of a file that comes in pieces; `onBroken` hears of a quote that never closes or a row that is too long. */
export function rowParser(delimiter: Delimiter, onBroken: () => undefined): Parser {
  return parseStream({ ...options(delimiter), on_skip: onBroken })
}
