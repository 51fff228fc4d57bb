import type { User } from '@tributary/engine'
import { engine } from './engine.ts'

/** The day that it is now where a user lives, `YYYY-MM-DD`. */
export function todayOf({ timeZone }: Pick<User, 'timeZone'>): string {
  return engine().now().toZonedDateTimeISO(timeZone).toPlainDate().toString()
}
