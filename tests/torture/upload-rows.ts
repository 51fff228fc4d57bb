import type { HttpUser } from '../harness/http-user.ts'

const firstDay = Temporal.PlainDate.from('1980-01-01')
export const dayOf = (row: number) => firstDay.add({ days: row }).toString()
/** Never the same from row to row, so that a lost or doubled row is seen. */
export const valueOf = (row: number) => (row * 104_729) % 1_000_003

/** Uploads a CSV file of one column with a row a day. `response`: its status and its problem's code; `none`: the connection broke. */
export async function uploadRows(
  url: string,
  user: HttpUser,
  column: string,
  rows: number,
): Promise<{ acknowledged: boolean; response: string }> {
  const lines = Array.from({ length: rows }, (_, row) => `${dayOf(row)},${valueOf(row)}`)
  const form = new FormData()
  form.set('file', new Blob([`date,${column}\n${lines.join('\n')}\n`]), `${column}.csv`)
  try {
    const response = await fetch(`${url}/api/plugins/csv/upload`, {
      method: 'POST',
      headers: { cookie: user.cookie(), origin: url },
      body: form,
    })
    const { code = '' } = (await response.json()) as { code?: string }
    return { acknowledged: response.status === 202, response: `${response.status} ${code}`.trim() }
  } catch {
    return { acknowledged: false, response: 'none' }
  }
}
