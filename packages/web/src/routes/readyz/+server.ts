import { answer } from '#lib/server/answer.ts'
import { requireDatabase } from '#lib/server/require-database.ts'

/** Everybody who has an account can sign in: before that nothing but "503 starting" is answered. */
export const GET = answer(async (event) => {
  await requireDatabase(event)
  return new Response('ready', { headers: { 'content-type': 'text/plain' } })
})
