import type { HttpUser } from '../harness/http-user.ts'

const firstDay = Temporal.PlainDate.from('1980-01-01')
const boundary = 'border'
export const dayOf = (row: number) => firstDay.add({ days: row }).toString()
/** Never the same from row to row, so that a lost or doubled row is seen. */
export const valueOf = (row: number) => (row * 104_729) % 1_000_003

export interface RowUpload {
  column: string
  rows: number
  /** Called when half of the file is sent; the other half is sent after it. */
  halfway?: () => Promise<unknown>
}

/** Uploads a CSV file of one column with a row a day. `response`: its status and its problem's code; `none`: the connection broke. */
export async function uploadRows(
  url: string,
  user: HttpUser,
  { column, rows, halfway }: RowUpload,
): Promise<{ acknowledged: boolean; response: string }> {
  const lines = Array.from({ length: rows }, (_, row) => `${dayOf(row)},${valueOf(row)}\n`)
  async function* parts() {
    const disposition = `form-data; name="file"; filename="${column}.csv"`
    yield Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\n\r\ndate,${column}\n`)
    yield Buffer.from(lines.slice(0, rows / 2).join(''))
    await halfway?.()
    yield Buffer.from(`${lines.slice(rows / 2).join('')}\r\n--${boundary}--\r\n`)
  }
  try {
    const response = await fetch(`${url}/api/plugins/csv/upload`, {
      method: 'POST',
      headers: {
        cookie: user.cookie(),
        origin: url,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: parts() as unknown as ReadableStream,
      duplex: 'half',
    } as RequestInit)
    const { code = '' } = (await response.json()) as { code?: string }
    return { acknowledged: response.status === 202, response: `${response.status} ${code}`.trim() }
  } catch {
    return { acknowledged: false, response: 'none' }
  }
}
