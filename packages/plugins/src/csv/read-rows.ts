import { pipeline } from 'node:stream'
import type { RejectedRow } from '@tributary/plugin-sdk'
import type { Delimiter } from './mapping.ts'
import { type Row, rowParser } from './split-rows.ts'

/**
 * Gives the rows of a text that comes in pieces, empty lines among them. Where a quote never closes, the last is a rejected
 * row that names its line.
 */
export async function* readRows(
  text: AsyncIterable<string>,
  delimiter: Delimiter,
): AsyncIterable<Row | RejectedRow> {
  let wholeRows = Infinity
  const parser = rowParser(delimiter, () => {
    wholeRows = Math.min(wholeRows, parser.info.records)
    return undefined
  })
  async function* untilBroken(): AsyncIterable<string> {
    for await (const piece of text) {
      if (wholeRows < Infinity) return
      yield piece
    }
  }
  // Its errors come out of the parser, which it destroys.
  pipeline(untilBroken, parser, () => undefined)

  let line = 1
  let rows = 0
  for await (const cells of parser as AsyncIterable<string[]>) {
    if (rows === wholeRows) break
    yield { line, cells }
    rows += 1
    line += 1 + lineBreaks(cells)
  }
  if (wholeRows < Infinity)
    yield { line, reason: 'A quote opens here and never closes: nothing after it was read' }
}

function lineBreaks(cells: readonly string[]): number {
  let breaks = 0
  for (const cell of cells) if (cell.includes('\n')) breaks += cell.split('\n').length - 1
  return breaks
}
