import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'

const entered = z.strictObject({ code: z.string('must be a text') }, 'The body must be a JSON object')

/** The second step, after the password. */
export const POST = answer(async (event) => {
  const { code } = await readBody(event.request, entered)
  event.locals.setCookies.push(...(await engine().accounts.enterCode(code, browserHeaders(event))))
  return { success: true }
})
