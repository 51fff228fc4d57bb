import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { logError } from '#lib/server/log-error.ts'
import { problem } from '#lib/server/problem.ts'

export const GET = answer(async (event) => {
  try {
    await engine().checkReady()
  } catch (error) {
    logError(error, event)
    throw problem(503, 'not-ready', 'The database does not answer. Try again in a moment.')
  }
  return new Response('ready', { headers: { 'content-type': 'text/plain' } })
})
