import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'

const credentials = z.strictObject(
  { email: z.string('must be a text'), password: z.string('must be a text') },
  'The body must be a JSON object',
)

export const POST = answer(async (event) => {
  const given = await readBody(event.request, credentials)
  const { cookies, secondStep } = await engine().accounts.signIn(given, browserHeaders(event))
  event.locals.setCookies.push(...cookies)
  return { success: !secondStep, secondStep }
})
