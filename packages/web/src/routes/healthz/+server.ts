import { answer } from '#lib/server/answer.ts'
import { requireDatabase } from '#lib/server/require-database.ts'

/** The process lives and its database answers. */
export const GET = answer(async (event) => {
  await requireDatabase(event)
  return new Response('ok', { headers: { 'content-type': 'text/plain' } })
})
