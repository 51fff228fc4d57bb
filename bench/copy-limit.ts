import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { dayOf, rowsOf, windowDays } from './import-rows.ts'

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const rowBytes = 46
const epochMicroseconds = 946_684_800_000_000n

/** A month's rows as COPY takes them, a buffer a day. */
export function encodeMonth(run: number, seriesId: number): Buffer[] {
  return Array.from({ length: windowDays }, (_, number) => {
    const rows = [...rowsOf(dayOf(run, number))]
    const buffer = Buffer.alloc(signature.length + rows.length * rowBytes + 2)
    let at = signature.copy(buffer)
    for (const { start, value } of rows) {
      const time = BigInt(start) * 1000n - epochMicroseconds
      at = buffer.writeInt16BE(4, at)
      at = buffer.writeInt32BE(4, at)
      at = buffer.writeInt32BE(seriesId, at)
      for (let times = 0; times < 2; times++) {
        at = buffer.writeInt32BE(8, at)
        at = buffer.writeBigInt64BE(time, at)
      }
      at = buffer.writeInt32BE(8, at)
      at = buffer.writeDoubleBE(value, at)
    }
    buffer.writeInt16BE(-1, at)
    return buffer
  })
}

/** The limit: the same rows by COPY alone into a table equal to `measurements`, in seconds. */
export async function copyMonth(databaseUrl: string, month: Buffer[]): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('checkpoint')
    const began = performance.now()
    for (const day of month) {
      await pipeline(
        (function* () {
          yield day
        })(),
        client.query(copyFrom('copy public.equal_measurements from stdin (format binary)')),
      )
    }
    return (performance.now() - began) / 1000
  } finally {
    await client.end()
  }
}
