import { answer } from '#lib/server/answer.ts'
import { connectionOf } from '#lib/server/connection-of.ts'
import { isFromElsewhere, otherAddressOf } from '#lib/server/cross-site.ts'
import { engine } from '#lib/server/engine.ts'
import { logError } from '#lib/server/log-error.ts'
import { integrationsError } from '#lib/server/integrations-error.ts'
import { problem, tellable } from '#lib/server/problem.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { found } from '#lib/server/found.ts'
import type { RequestEvent } from './$types.js'

export const GET = answer(async (event: RequestEvent) => {
  const { id } = event.params
  const { publicUrl } = engine()
  const { headers } = event.request
  if (isFromElsewhere(headers, publicUrl)) {
    throw problem(
      403,
      'cross-site',
      'Connecting starts in Tributary only. Open Settings, Integrations and connect there.',
    )
  }
  if (headers.get('sec-fetch-mode') === 'navigate' && !(await event.locals.identify())) {
    return found('/sign-in?next=/settings/plugins')
  }
  const signedIn = await requireSignedIn(event)
  if (otherAddressOf(headers, publicUrl)) return found(integrationsError({ code: 'other_address' }, id))
  try {
    return found((await engine().plugins.startAuthorization(signedIn, id, connectionOf(event.url))).href)
  } catch (error) {
    const told = tellable(error)
    if (!told.expected) logError(error, event)
    return found(integrationsError(told, id))
  }
})
