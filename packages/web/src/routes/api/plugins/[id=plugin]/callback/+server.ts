import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { found } from '#lib/server/found.ts'
import { integrationsError } from '#lib/server/integrations-error.ts'
import { logError } from '#lib/server/log-error.ts'
import { tellable } from '#lib/server/problem.ts'
import type { RequestEvent } from './$types.js'

/** Goes on to an address without the code and the state at once, whatever happened, so that no history keeps them. */
export const GET = answer(async (event: RequestEvent) => {
  const { id } = event.params
  const signedIn = await event.locals.identify()
  if (!signedIn) return found('/sign-in?next=/settings/plugins')
  try {
    const outcome = await engine().plugins.finishAuthorization(signedIn, id, event.url.searchParams)
    // The page shows by itself what becomes of one that is still at work.
    return found(outcome === 'connected' ? `/settings/plugins?success=${id}` : '/settings/plugins')
  } catch (error) {
    const told = tellable(error)
    if (!told.expected) logError(error, event)
    return found(integrationsError(told, id))
  }
})
