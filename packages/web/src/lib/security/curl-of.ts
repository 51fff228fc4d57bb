import { addDays } from '../days.ts'

/** A command that reads the daily values of the last seven days; `origin`: of this installation. */
export function curlOf(origin: string, token: string, today = new Date().toISOString().slice(0, 10)): string {
  return `curl -H "Authorization: Bearer ${token}" "${origin}/api/metrics/daily?from=${addDays(today, -6)}&to=${today}"`
}
