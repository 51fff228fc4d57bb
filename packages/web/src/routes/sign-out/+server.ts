import { redirect } from '@sveltejs/kit'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'

export const POST = async (event) => {
  event.locals.setCookies.push(...(await engine().accounts.signOut(browserHeaders(event))))
  redirect(303, '/sign-in')
}
