import type { RequestEvent } from '@sveltejs/kit'
import { engine } from './engine.ts'
import { logError } from './log-error.ts'
import { problem } from './problem.ts'

/** Throws a 503 where the database does not answer. */
export async function requireDatabase(event: RequestEvent): Promise<void> {
  try {
    await engine().checkReady()
  } catch (error) {
    logError(error, event)
    throw problem(503, 'not-ready', 'The database does not answer. Try again in a moment.')
  }
}
