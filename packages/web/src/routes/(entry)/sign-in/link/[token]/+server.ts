import { error, redirect } from '@sveltejs/kit'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import type { RequestEvent } from './$types.js'

/** Signs in by a link that works once; the demo prints one. */
export const GET = async (event: RequestEvent) => {
  const cookies = await engine().accounts.signInByLink(event.params.token, browserHeaders(event))
  if (!cookies) error(410, 'This link was used already. Start the demo again for a new one.')
  event.locals.setCookies.push(...cookies)
  redirect(303, '/settings/plugins')
}
