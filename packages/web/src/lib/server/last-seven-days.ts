import type { User } from '@tributary/engine'
import { addDays } from '../days.ts'
import { engine } from './engine.ts'
import { todayOf } from './today-of.ts'

/** The last seven days of a user with all their values, oldest first, and which of these are not final. */
export async function lastSevenDays(user: Pick<User, 'id' | 'timeZone'>) {
  const to = todayOf(user)
  return engine().metrics.daily(user.id, { from: addDays(to, -6), to })
}
