import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { found } from '#lib/server/found.ts'
import { integrationsError } from '#lib/server/integrations-error.ts'
import { logError } from '#lib/server/log-error.ts'
import { isProblem, problem } from '#lib/server/problem.ts'
import type { RequestEvent } from './$types.js'

/** Goes on to an address without the code and the state at once, whatever happened, so that no history keeps them. */
export const GET = answer(async (event: RequestEvent) => {
  const { id } = event.params
  const signedIn = await event.locals.identify()
  if (!signedIn) return found('/sign-in?next=/settings/plugins')
  try {
    await engine().plugins.finishAuthorization(signedIn, id, event.url.searchParams)
    return found(`/settings/plugins?success=${id}`)
  } catch (error) {
    if (isProblem(error)) return found(integrationsError(error, id))
    logError(error, event)
    return found(integrationsError(problem(500, 'internal', 'Connecting did not work.'), id))
  }
})
