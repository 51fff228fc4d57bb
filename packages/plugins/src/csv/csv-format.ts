import type { FileFormat } from '@tributary/plugin-sdk'
import { decodeText, inPieces } from './decode-text.ts'
import { fileKind } from './file-kind.ts'
import { guessFile } from './guess-file.ts'
import { listFields } from './list-fields.ts'
import { mapRows } from './map-rows.ts'
import { type CsvMapping, csvMapping } from './mapping.ts'
import { readRows } from './read-rows.ts'
import { refuseBinary } from './refuse-binary.ts'

/**
 * A table with a header, a column of dates and a column per value. A row whose date has a time of day is a measurement of each
 * column at that instant, of which text columns are left out; others are daily records.
 */
export const csvFormat: FileFormat<CsvMapping> = {
  accept: ['.csv', '.tsv', '.txt'],
  mapping: csvMapping,
  guess: guessFile,
  fileKind,
  fields: listFields,
  mapFile: (file, mapping, { zone }) =>
    mapRows(readRows(decodeText(textOnly(inPieces(file))), mapping.delimiter), mapping, zone),
}

/** Lets a file through whose beginning is that of a text. */
async function* textOnly(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let first = true
  for await (const piece of pieces) {
    if (first) refuseBinary(piece)
    first = false
    yield piece
  }
  if (first) refuseBinary(new Uint8Array())
}
