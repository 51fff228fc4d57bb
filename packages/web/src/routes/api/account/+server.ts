import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { isTimeZone } from '#lib/time-zones.ts'

const change = z.strictObject(
  { timeZone: z.string('must be given').refine(isTimeZone, 'must be a time zone such as Europe/Berlin') },
  'The body must be a JSON object',
)
const removal = z.strictObject({ password: z.string('must be a text') }, 'The body must be a JSON object')

export const PATCH = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { timeZone } = await readBody(event.request, change)
  return { user: { ...user, timeZone: await engine().accounts.setTimeZone(user.id, timeZone) } }
})

/** Removes the user and all that is theirs, for good. */
export const DELETE = answer(async (event) => {
  const signedIn = await requireSignedIn(event)
  const { password } = await readBody(event.request, removal)
  const { accounts } = engine()
  const notices = await accounts.remove(signedIn, password)
  event.locals.setCookies.push(...(await accounts.signOut(browserHeaders(event))))
  return { success: true, notices }
})
