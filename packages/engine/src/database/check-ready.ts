import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from './database.ts'

const patienceMs = 5_000

/** Throws where the database does not answer a simple question within a few seconds. */
export async function checkReady(database: Database): Promise<void> {
  const answer = database.asSystem((db) =>
    db.selectFrom('integration_sources').select('id').limit(1).execute(),
  )
  answer.catch(() => {})
  const late = pause(patienceMs, 'late' as const, { ref: false })
  if ((await Promise.race([answer, late])) === 'late') throw new Error('The database did not answer in time.')
}
