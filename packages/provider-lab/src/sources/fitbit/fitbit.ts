import { withHeaders } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { fixedWindow } from '../../http/fixed-window.ts'
import type { Allowance } from '../../http/fixed-window.ts'
import type { LabRequest } from '../../http/lab-request.ts'
import { createOAuthServer } from '../../oauth/oauth-server.ts'
import { uploadedBy } from '../../person/uploaded.ts'
import type { Source } from '../../source.ts'
import { ACCOUNT, oauthRules } from './oauth-rules.ts'
import {
  expiredToken,
  invalidToken,
  InvalidRequest,
  missingScope,
  noToken,
  notFound,
  tooManyRequests,
  wrongMethod,
} from './refusals.ts'
import { routes } from './routes.ts'
import type { Call } from './routes.ts'

const REQUESTS_PER_HOUR = 150

/**
 * The Fitbit Web API: www.fitbit.com and api.fitbit.com under one prefix.
 *
 * Source: the swagger description at dev.fitbit.com and answers recorded by client libraries.
 */
export const fitbit: Source = {
  id: 'fitbit',
  clientId: '23TRLB',

  simulate(world) {
    const oauth = createOAuthServer('Fitbit', oauthRules, world)
    const count = fixedWindow(
      world.requestLimit ?? REQUESTS_PER_HOUR,
      3600,
      () => world.clock().epochMilliseconds,
    )

    return async (request) => {
      const fromOAuth = await oauth.handle(request)
      if (fromOAuth) return fromOAuth

      const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (!token) return noToken()
      const access = await oauth.access(token)
      if (access.state === 'expired') return expiredToken()
      if (access.state === 'invalid') return invalidToken()

      const allowance = count(ACCOUNT)
      const uploaded = uploadedBy(world.person, world.clock())
      const answer = allowance.allowed ? serve(request, access.scopes, uploaded) : tooManyRequests()
      return withHeaders(answer, limitHeaders(allowance))
    }
  },
}

function serve(request: LabRequest, scopes: readonly string[], uploaded: Call['uploaded']): Answer {
  const path = request.path.replace(`/user/${ACCOUNT}/`, '/user/-/')
  for (const { pattern, scope, answer } of routes) {
    const match = pattern.exec(path)
    if (!match) continue
    if (request.method !== 'GET') return wrongMethod()
    if (!scopes.includes(scope)) return missingScope(scope)
    // Without the header, or with one that names no country of Fitbit's list, it answers in metric units.
    const imperial = request.headers['accept-language'] === 'en_US'
    try {
      return answer({ uploaded, imperial, parameters: match.groups ?? {} })
    } catch (error) {
      if (error instanceof InvalidRequest) return error.answer()
      throw error
    }
  }
  return notFound(request.path)
}

function limitHeaders({ allowed, limit, remaining, resetsIn }: Allowance): Record<string, string> {
  return {
    'fitbit-rate-limit-limit': String(limit),
    'fitbit-rate-limit-remaining': String(remaining),
    'fitbit-rate-limit-reset': String(resetsIn),
    ...(allowed ? {} : { 'retry-after': String(resetsIn) }),
  }
}
