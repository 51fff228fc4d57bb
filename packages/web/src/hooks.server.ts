import { randomUUID } from 'node:crypto'
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { matchEndpoint } from '@tributary/api'
import { admitToken, tokenOf } from '#lib/server/admit-token.ts'
import { isCrossSite } from '#lib/server/cross-site.ts'
import { engine } from '#lib/server/engine.ts'
import { finishAnswer } from '#lib/server/finish-answer.ts'
import { isApi } from '#lib/server/is-api.ts'
import { refuseUnknownHost } from '#lib/server/known-host.ts'
import { logError } from '#lib/server/log-error.ts'
import { tellable } from '#lib/server/problem.ts'
import { refuseCrossSite } from '#lib/server/refuse-cross-site.ts'
import { refuseLargeBody } from '#lib/server/refuse-large-body.ts'

export const handle: Handle = async ({ event, resolve }) => {
  const { locals, request } = event
  let signedIn: ReturnType<typeof locals.identify> | undefined
  locals.requestId = randomUUID()
  locals.setCookies = []
  locals.match = isApi(event) ? matchEndpoint(request.method, event.url.pathname) : undefined
  locals.identifyAgain = () => engine().accounts.identify(request.headers)
  locals.identify = () =>
    (signedIn ??= engine().accounts.identify(request.headers, (line) => locals.setCookies.push(line)))

  const { publicUrl, otherHosts } = engine()
  const unknownHost = refuseUnknownHost(event, publicUrl, otherHosts)
  if (unknownHost) return finishAnswer(event, unknownHost)
  const token = tokenOf(event)
  // No other site can make a browser send a token, so that only requests without one are asked where they come from.
  if (token === undefined && isCrossSite(request, publicUrl))
    return finishAnswer(event, refuseCrossSite(event, publicUrl))
  const refused = () => refuseLargeBody(event) ?? (token === undefined ? undefined : admitToken(event, token))
  const askedBy = { id: locals.requestId, address: () => event.getClientAddress() }
  const respond = () =>
    engine().duringRequest(askedBy, async () => (await refused()) ?? (await resolve(event)))
  return finishAnswer(event, await respond())
}

export const handleError: HandleServerError = ({ kind, error, event }) => {
  const { requestId } = event.locals
  if (kind !== 'unknown') return { requestId }
  const told = tellable(error)
  if (!told.expected) logError(error, event)
  event.locals.retryAfter = told.retryAfter
  return { status: told.status, message: told.message, code: told.code, requestId }
}
