import type { RequestEvent } from '@sveltejs/kit'
import { isFromElsewhere, otherAddressOf } from './cross-site.ts'
import { engine } from './engine.ts'
import { found } from './found.ts'
import { integrationsError } from './integrations-error.ts'
import { logError } from './log-error.ts'
import { problem, tellable } from './problem.ts'
import { requireSignedIn } from './require-signed-in.ts'

const signInFirst = '/sign-in?next=/settings/plugins'

/** Sends a browser that comes from a page of ours on to the consent page of a source's provider. */
export async function startAuthorization(event: RequestEvent, id: string): Promise<Response> {
  const { publicUrl } = engine()
  const { headers } = event.request
  if (isFromElsewhere(headers, publicUrl)) {
    throw problem(
      403,
      'cross-site',
      'Connecting starts in Tributary only. Open Settings, Integrations and connect there.',
    )
  }
  if (headers.get('sec-fetch-mode') === 'navigate' && !(await event.locals.identify()))
    return found(signInFirst)
  const signedIn = await requireSignedIn(event)
  if (otherAddressOf(headers, publicUrl)) return found(integrationsError({ code: 'other-address' }, id))
  try {
    const connection = event.url.searchParams.get('connection') ?? undefined
    return found((await engine().plugins.startAuthorization(signedIn, id, connection)).href)
  } catch (error) {
    return failed(error, event, id)
  }
}

/** Goes on to an address without the code and the state at once, whatever happened, so that no history stores them. */
export async function finishAuthorization(event: RequestEvent, id: string): Promise<Response> {
  const signedIn = await event.locals.identify()
  if (!signedIn) return found(signInFirst)
  try {
    const outcome = await engine().plugins.finishAuthorization(signedIn, id, event.url.searchParams)
    // The page shows by itself what becomes of one that is still at work.
    return found(outcome === 'connected' ? `/settings/plugins?success=${id}` : '/settings/plugins')
  } catch (error) {
    return failed(error, event, id)
  }
}

function failed(error: unknown, event: RequestEvent, id: string): Response {
  const told = tellable(error)
  if (!told.expected) logError(error, event)
  return found(integrationsError(told, id))
}
