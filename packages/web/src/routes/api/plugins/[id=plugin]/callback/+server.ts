import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { found } from '#lib/server/found.ts'
import { integrationsError } from '#lib/server/integrations-error.ts'
import type { RequestEvent } from './$types.js'

export const GET = answer(async (event: RequestEvent) => {
  const { id } = event.params
  const signedIn = await event.locals.identify()
  if (!signedIn) return found('/sign-in?next=/settings/plugins')
  try {
    await engine().plugins.finishAuthorization(signedIn, id, event.url.searchParams)
    return found(`/settings/plugins?success=${id}`)
  } catch (error) {
    return found(integrationsError(error, id))
  }
})
