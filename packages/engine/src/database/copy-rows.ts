import { once } from 'node:events'
import { from as copyFrom } from 'pg-copy-streams'
import { clientOf, type Transaction } from './database.ts'

/** Writes the fields of one row in the order of the table's columns. */
export interface RowEncoder {
  integer(value: number): void
  /** Milliseconds since 1970. */
  timestamp(milliseconds: number): void
  float(value: number): void
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const chunkBytes = 1 << 16
const largestRow = 1 << 10
/** PostgreSQL counts from 2000. */
const epochMilliseconds = 946_684_800_000
const halfOf64Bits = 2 ** 32

/** Fills a temporary table by binary COPY (PostgreSQL, "COPY", "Binary Format"): rows 0 to `count` − 1, as `encode` writes them. */
export async function copyRows(
  db: Transaction,
  table: string,
  count: number,
  encode: (row: number, encoder: RowEncoder) => void,
): Promise<void> {
  const stream = clientOf(db).query(copyFrom(`copy ${table} from stdin (format binary)`))
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  let chunk = Buffer.allocUnsafe(chunkBytes)
  let at = signature.copy(chunk)
  let fields = 0
  const encoder: RowEncoder = {
    integer(value) {
      at = chunk.writeInt32BE(4, at)
      at = chunk.writeInt32BE(value, at)
      fields += 1
    },
    timestamp(milliseconds) {
      const microseconds = Math.round((milliseconds - epochMilliseconds) * 1000)
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
  }
  for (let row = 0; row < count; row++) {
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
  at = chunk.writeInt16BE(-1, at)
  stream.end(chunk.subarray(0, at))
  await finished
}
