import { type FileRow, isDailyRecord, type MappedRecord, type RejectedRow } from '@tributary/plugin-sdk'
import { csvFormat } from '../csv-format.ts'
import type { CsvMapping } from '../mapping.ts'

/** A file as it arrives, in chunks of the given sizes in turn. */
export async function* arrive(
  bytes: Uint8Array,
  sizes: readonly number[] = [65_536],
): AsyncIterable<Uint8Array> {
  let at = 0
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** Reads a whole file by a mapping, or by what is guessed. */
export async function readFile(
  file: string | Uint8Array,
  options: { mapping?: CsvMapping; zone?: string; sizes?: readonly number[] } = {},
): Promise<(MappedRecord | RejectedRow)[]> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file
  const { mapping = csvFormat.guess(bytes).mapping, zone = 'UTC', sizes } = options
  return Array.fromAsync(recordsOf(csvFormat.mapFile(arrive(bytes, sizes), mapping, { zone })))
}

/** The records with values of rows one by one, and the rows that could not be read, in the order of the file. */
export async function* recordsOf(
  rows: AsyncIterable<FileRow | RejectedRow>,
): AsyncIterable<MappedRecord | RejectedRow> {
  for await (const row of rows) {
    if ('reason' in row) yield row
    else
      yield* row.records.filter((record) => !isDailyRecord(record) || Object.keys(record.fields).length > 0)
  }
}
