import { once } from 'node:events'
import { from as copyFrom } from 'pg-copy-streams'
import { clientOf, type Transaction } from './database.ts'

/** Writes the fields of one row in the order of the table's columns. */
export interface RowEncoder {
  integer(value: number): void
  /** Microseconds since 2000. */
  time(microseconds: number): void
  float(value: number): void
  /** A short text of Latin letters. */
  word(value: string): void
  null(): void
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const chunkBytes = 1 << 16
const largestRow = 1 << 10
const halfOf64Bits = 2 ** 32

/** Adds rows to a table by binary COPY (PostgreSQL, "COPY", "Binary Format"), as `encode` writes them. */
export async function copyRows<Row>(
  db: Transaction,
  table: string,
  rows: Iterable<Row>,
  encode: (row: Row, encoder: RowEncoder) => void,
): Promise<void> {
  const stream = clientOf(db).query(copyFrom(`copy ${table} from stdin (format binary)`))
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  // Whoever waits for it hears of a fault.
  finished.catch(() => {})
  let chunk = Buffer.allocUnsafe(chunkBytes)
  let at = signature.copy(chunk)
  let fields = 0
  const encoder: RowEncoder = {
    integer(value) {
      at = chunk.writeInt32BE(4, at)
      at = chunk.writeInt32BE(value, at)
      fields += 1
    },
    time(microseconds) {
      const high = Math.floor(microseconds / halfOf64Bits)
      at = chunk.writeInt32BE(8, at)
      at = chunk.writeInt32BE(high, at)
      at = chunk.writeUInt32BE(microseconds - high * halfOf64Bits, at)
      fields += 1
    },
    float(value) {
      at = chunk.writeInt32BE(8, at)
      at = chunk.writeDoubleBE(value, at)
      fields += 1
    },
    word(value) {
      at = chunk.writeInt32BE(value.length, at)
      at += chunk.write(value, at, 'latin1')
      fields += 1
    },
    null() {
      at = chunk.writeInt32BE(-1, at)
      fields += 1
    },
  }
  try {
    for (const row of rows) {
      if (at > chunkBytes - largestRow) {
        if (!stream.write(chunk.subarray(0, at))) await Promise.race([once(stream, 'drain'), finished])
        chunk = Buffer.allocUnsafe(chunkBytes)
        at = 0
      }
      const head = at
      at += 2
      fields = 0
      encode(row, encoder)
      chunk.writeInt16BE(fields, head)
    }
  } catch (error) {
    // Without its end the server would wait for the rest of it, and the transaction for the server.
    stream.destroy(error as Error)
    throw error
  }
  at = chunk.writeInt16BE(-1, at)
  stream.end(chunk.subarray(0, at))
  await finished
}
