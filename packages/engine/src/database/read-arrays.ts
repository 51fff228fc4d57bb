import type { RawBuilder } from 'kysely'
import { to as copyTo } from 'pg-copy-streams'
import { clientOf, type Transaction } from './database.ts'

/** A column as PostgreSQL sends it in binary; `integerOf`, `timesOf` and `floatsOf` read it. */
export type BinaryColumn = Buffer

const signatureBytes = 19
const arrayHeadBytes = 20
const elementBytes = 12
const halfOf64Bits = 2 ** 32

/**
 * Asks for rows that hold many values in arrays, so that a million of them need no object each, by binary COPY (PostgreSQL,
 * "COPY", "Binary Format"). The query takes no parameters: what varies in it is literal numbers.
 */
export async function readArrays(db: Transaction, query: RawBuilder<unknown>): Promise<BinaryColumn[][]> {
  const { sql, parameters } = query.compile(db)
  if (parameters.length > 0) throw new TypeError('COPY takes no parameters')
  const chunks: Buffer[] = []
  const stream = clientOf(db).query(copyTo(`copy (${sql}) to stdout (format binary)`))
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return readRows(Buffer.concat(chunks))
}

function readRows(copied: Buffer): BinaryColumn[][] {
  const rows: BinaryColumn[][] = []
  let at = signatureBytes
  for (;;) {
    const columns = copied.readInt16BE(at)
    at += 2
    if (columns === -1) return rows
    const row: BinaryColumn[] = []
    for (let column = 0; column < columns; column++) {
      const length = copied.readInt32BE(at)
      at += 4
      row.push(copied.subarray(at, at + length))
      at += length
    }
    rows.push(row)
  }
}

export function integerOf(column: BinaryColumn): number {
  return column.readInt32BE(0)
}

/** An array of times without nulls, in microseconds since 2000. */
export function timesOf(column: BinaryColumn): Float64Array {
  return readElements(column, (at) => column.readInt32BE(at) * halfOf64Bits + column.readUInt32BE(at + 4))
}

/** An array of numbers without nulls. */
export function floatsOf(column: BinaryColumn): Float64Array {
  return readElements(column, (at) => column.readDoubleBE(at))
}

/** An array is a head with its dimensions, then each element behind its length. */
function readElements(column: BinaryColumn, read: (at: number) => number): Float64Array {
  const elements = new Float64Array(column.readInt32BE(12))
  for (let index = 0; index < elements.length; index++)
    elements[index] = read(arrayHeadBytes + index * elementBytes + 4)
  return elements
}
