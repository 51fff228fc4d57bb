import { googleOAuthRules } from '../../google/oauth-rules.ts'
import { googleRefusal, Refusal, unauthenticated } from '../../google/refusals.ts'
import { userInfo } from '../../google/user-info.ts'
import type { Answer } from '../../http/answer.ts'
import { fixedWindow } from '../../http/fixed-window.ts'
import type { LabRequest } from '../../http/lab-request.ts'
import { createOAuthServer } from '../../oauth/oauth-server.ts'
import { uploadedBy } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import type { Source, SourceOptions, World } from '../../source.ts'
import { ACCOUNT, identity, pairedDevices, profile, settings } from './account.ts'
import { listDataPoints, reconcileDataPoints } from './data-points.ts'
import { notFound, notLinked, SERVICE, tooManyRequests } from './refusals.ts'
import { dailyRollUp, rollUp } from './roll-up.ts'
import { healthScopes } from './scopes.ts'
import { moreTruth } from './truth.ts'

/** One request that passed: who may see what, and what was asked. */
export interface Call {
  readonly uploaded: Uploaded
  readonly scopes: readonly string[]
  readonly query: URLSearchParams
  /** What was posted as JSON. */
  readonly body: unknown
  readonly options: SourceOptions
  /** The named groups of the route's pattern. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

const REQUESTS_PER_MINUTE = 300

const routes: readonly { method: string; pattern: RegExp; answer: (call: Call) => Answer }[] = [
  { method: 'GET', pattern: /^identity$/, answer: identity },
  { method: 'GET', pattern: /^profile$/, answer: profile },
  { method: 'GET', pattern: /^settings$/, answer: settings },
  { method: 'GET', pattern: /^pairedDevices$/, answer: pairedDevices },
  { method: 'GET', pattern: /^dataTypes\/(?<type>[\w-]+)\/dataPoints$/, answer: listDataPoints },
  {
    method: 'GET',
    pattern: /^dataTypes\/(?<type>[\w-]+)\/dataPoints:reconcile$/,
    answer: reconcileDataPoints,
  },
  { method: 'POST', pattern: /^dataTypes\/(?<type>[\w-]+)\/dataPoints:dailyRollUp$/, answer: dailyRollUp },
  { method: 'POST', pattern: /^dataTypes\/(?<type>[\w-]+)\/dataPoints:rollUp$/, answer: rollUp },
]

/**
 * The Google Health API, v4: accounts.google.com, oauth2.googleapis.com and health.googleapis.com under one prefix.
 *
 * Source: the types of Google's own client library and what users of the API measured in 2026; where these say otherwise
 * than the reference, the lab does as was measured.
 */
export const googleHealth: Source = {
  id: 'google-health',
  clientId: '518027364910-health0lab.apps.googleusercontent.com',
  paging: { next: 'nextPageToken', parameter: 'pageToken' },

  simulate(world) {
    const oauth = createOAuthServer('Google Health', googleOAuthRules(healthScopes, world.options), world)
    const refuseTooMany = limits(world)

    return async (request) => {
      const fromOAuth = await oauth.handle(request)
      if (fromOAuth) return fromOAuth

      const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
      const access = await oauth.access(token ?? '')
      const aboutUser = userInfo(request, access, world.person.name)
      if (aboutUser) return aboutUser
      if (access.state !== 'valid') return unauthenticated(token !== undefined, SERVICE)
      try {
        refuseTooMany()
        return await serve(request, access.scopes, world)
      } catch (error) {
        if (error instanceof Refusal) return googleRefusal(error.error)
        throw error
      }
    }
  },

  truth: moreTruth,
}

async function serve(request: LabRequest, scopes: readonly string[], world: World): Promise<Answer> {
  const { method, path, query } = request
  const [, user, rest = ''] = /^\/v4\/users\/([^/]+)\/(.+)$/.exec(path) ?? []
  const route = routes.find(({ pattern, method: expected }) => expected === method && pattern.test(rest))
  if (!route || (user !== 'me' && user !== ACCOUNT)) throw notFound()
  if (world.options.linked === false) throw notLinked()
  return route.answer({
    uploaded: uploadedBy(world.person, world.clock()),
    scopes,
    query,
    body: await request.json(),
    options: world.options,
    parameters: route.pattern.exec(rest)?.groups ?? {},
  })
}

/** 300 requests a minute for the user, and where the app is unverified 2.5 a second for its project. No header says so. */
function limits({ requestLimit, clock, options }: World): () => void {
  const now = () => clock().epochMilliseconds
  const ofUser = fixedWindow(requestLimit ?? REQUESTS_PER_MINUTE, 60, now)
  const ofProject = fixedWindow(options.unverified ? 5 : Infinity, 2, now)
  return () => {
    if (!ofUser(ACCOUNT).allowed) throw tooManyRequests('Requests per minute per user')
    if (!ofProject('project').allowed) throw tooManyRequests('Requests per second per project')
  }
}
