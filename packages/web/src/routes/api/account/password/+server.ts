import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const passwords = z.strictObject(
  { current: z.string('must be a text'), wanted: z.string('must be a text') },
  'The body must be a JSON object',
)

/** Sets another password; every other session ends, and this one gets a new id. */
export const PUT = answer(async (event) => {
  const signedIn = await requireSignedIn(event)
  const given = await readBody(event.request, passwords)
  const cookies = await engine().accounts.changePassword(signedIn, given, browserHeaders(event))
  event.locals.setCookies.push(...cookies)
  return { success: true }
})
