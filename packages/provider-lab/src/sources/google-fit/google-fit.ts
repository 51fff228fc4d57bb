import type { Answer } from '../../http/answer.ts'
import { fixedWindow } from '../../http/fixed-window.ts'
import type { LabRequest } from '../../http/lab-request.ts'
import { googleOAuthRules } from '../../google/oauth-rules.ts'
import { googleRefusal, Refusal, unauthenticated } from '../../google/refusals.ts'
import { userInfo } from '../../google/user-info.ts'
import { createOAuthServer } from '../../oauth/oauth-server.ts'
import { zoneMinutes } from '../../person/day-totals.ts'
import { uploadedBy } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import type { Source } from '../../source.ts'
import { aggregate } from './aggregate.ts'
import { getDataSource, listDataSources } from './data-sources.ts'
import { getDataset } from './datasets.ts'
import { notFound, SERVICE, tooManyRequests } from './refusals.ts'
import { fitScopes } from './scopes.ts'
import { listSessions } from './sessions.ts'

/** One request that passed: who may see what, and what was asked. */
export interface Call {
  readonly uploaded: Uploaded
  readonly scopes: readonly string[]
  readonly query: URLSearchParams
  /** What was posted as JSON. */
  readonly body: unknown
  /** The named groups of the route's pattern. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

const REQUESTS_PER_MINUTE = 300

const routes: readonly { method: string; pattern: RegExp; answer: (call: Call) => Answer }[] = [
  { method: 'POST', pattern: /^dataset:aggregate$/, answer: aggregate },
  { method: 'GET', pattern: /^sessions$/, answer: listSessions },
  { method: 'GET', pattern: /^dataSources$/, answer: listDataSources },
  { method: 'GET', pattern: /^dataSources\/(?<id>[^/]+)$/, answer: getDataSource },
  { method: 'GET', pattern: /^dataSources\/(?<id>[^/]+)\/datasets\/(?<dataset>[^/]+)$/, answer: getDataset },
]

/**
 * The Google Fit REST API, fitness v1: accounts.google.com, oauth2.googleapis.com and fitness.googleapis.com under one
 * prefix.
 *
 * Source: its discovery document and answers recorded by client libraries. Its quota is the project's own affair; the
 * number here is made up.
 */
export const googleFit: Source = {
  id: 'google-fit',
  clientId: '518027364910-fit0lab.apps.googleusercontent.com',
  paging: { next: 'nextPageToken', parameter: 'pageToken' },

  simulate(world) {
    const oauth = createOAuthServer('Google', googleOAuthRules(fitScopes, world.options), world)
    const count = fixedWindow(
      world.requestLimit ?? REQUESTS_PER_MINUTE,
      60,
      () => world.clock().epochMilliseconds,
    )

    return async (request) => {
      const fromOAuth = await oauth.handle(request)
      if (fromOAuth) return fromOAuth

      const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
      const access = await oauth.access(token ?? '')
      const aboutUser = userInfo(request, access, world.person.name)
      if (aboutUser) return aboutUser
      if (access.state !== 'valid') return unauthenticated(token !== undefined, SERVICE, 'authError')
      try {
        if (!count(access.clientId).allowed) throw tooManyRequests()
        return await serve(request, access.scopes, uploadedBy(world.person, world.clock()))
      } catch (error) {
        if (error instanceof Refusal) return googleRefusal(error.error)
        throw error
      }
    }
  },

  truth: (uploaded, date, zone) => ({ heartMinutes: zoneMinutes(uploaded.totals(date, zone)).total || null }),
}

async function serve(request: LabRequest, scopes: readonly string[], uploaded: Uploaded): Promise<Answer> {
  const { method, path, query } = request
  const [, rest = ''] = /^\/fitness\/v1\/users\/me\/(.+)$/.exec(path) ?? []
  for (const { pattern, method: expected, answer } of routes) {
    const groups = pattern.exec(rest)?.groups ?? (pattern.test(rest) ? {} : undefined)
    if (!groups || method !== expected) continue
    const parameters = Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decode(value)]),
    )
    return answer({ uploaded, scopes, query, body: await request.json(), parameters })
  }
  throw notFound('Not Found')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw notFound('Not Found')
  }
}
