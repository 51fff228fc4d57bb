import { error, redirect } from '@sveltejs/kit'
import { engine } from '#lib/server/engine.ts'
import { browserHeaders, passCookies } from '#lib/server/forward-auth.ts'
import type { RequestEvent } from './$types.js'

/** Signs in by a link that works once; the demo prints one. */
export const GET = async (event: RequestEvent) => {
  const { accounts, publicUrl } = engine()
  const response = await accounts.signInByLink(event.params.token, browserHeaders(event, publicUrl))
  if (!response) error(410, 'This link was used already. Start the demo again for a new one.')
  passCookies(event, response)
  redirect(303, '/settings/plugins')
}
