import { answer } from '#lib/server/answer.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'

export const POST = answer(async (event) => {
  event.locals.setCookies.push(...(await engine().accounts.signOut(browserHeaders(event))))
  return { success: true }
})
