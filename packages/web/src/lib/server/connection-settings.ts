import type { Endpoints } from '@tributary/api'
import type { ConnectionSettings } from '@tributary/engine'
import type { z } from 'zod'
import { addDays } from '../days.ts'
import { problem } from './problem.ts'

const mostDays = 20_000

/** What a user changes of a connection, with its depth as a day. Throws `Problem` 400 for a depth that lies in no past. */
export function readConnectionSettings(
  { historyDays, ...settings }: z.infer<Endpoints['changeConnection']['body']>,
  today: string,
): ConnectionSettings {
  if (historyDays !== undefined) return { ...settings, historyFrom: addDays(today, -historyDays) }
  const { historyFrom } = settings
  if (historyFrom === undefined) return settings
  if (historyFrom > today) throw refused('must not lie in the future')
  if (historyFrom < addDays(today, -mostDays)) throw refused(`must be at most ${mostDays} days back`)
  return settings
}

const refused = (what: string) => problem(400, 'invalid-input', `"historyFrom": ${what}.`)
