import { json, withHeaders } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { fixedWindow } from '../../http/fixed-window.ts'
import { createOAuthServer } from '../../oauth/oauth-server.ts'
import { countDays, eachDate, isDate } from '../../person/local-day.ts'
import { uploadedBy } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import type { Source } from '../../source.ts'
import { ACCOUNT, oauthRules } from './oauth-rules.ts'
import { scoreDay } from './score.ts'

const MOST_DAYS = 90

/**
 * The small service of which the documentation for plugin authors tells: `GET /me` and `GET /data?start=&end=`.
 *
 * It has no limit on requests unless `requestLimits` sets one, per minute.
 */
export const exampleService: Source = {
  id: 'example-service',
  clientId: 'example-client',

  simulate(world) {
    const oauth = createOAuthServer('Example Service', oauthRules, world)
    const count = fixedWindow(world.requestLimit ?? Infinity, 60, () => world.clock().epochMilliseconds)

    return async (request) => {
      const fromOAuth = await oauth.handle(request)
      if (fromOAuth) return fromOAuth

      const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (!token || (await oauth.access(token)).state !== 'valid') return unauthorized(token !== undefined)
      const { allowed, resetsIn } = count(ACCOUNT)
      if (!allowed) {
        const answer = refuse(429, 'rate_limited', 'Too many requests.')
        return withHeaders(answer, { 'retry-after': String(resetsIn) })
      }
      if (request.method !== 'GET')
        return refuse(405, 'method_not_allowed', 'Only GET is supported here.', { allow: 'GET' })
      if (request.path === '/me') return json(200, { id: ACCOUNT, name: world.person.name })
      if (request.path === '/data') return answerData(request.query, uploadedBy(world.person, world.clock()))
      return refuse(404, 'not_found', `There is nothing at ${request.path}.`)
    }
  },

  truth(uploaded, date) {
    const day = scoreDay(uploaded, date)
    return { score: day?.score ?? null, durationMinutes: day?.durationMinutes ?? null }
  },
}

function answerData(query: URLSearchParams, uploaded: Uploaded): Answer {
  const start = query.get('start') ?? ''
  const end = query.get('end') ?? ''
  if (!isDate(start) || !isDate(end))
    return refuse(400, 'invalid_range', '"start" and "end" must be dates, written YYYY-MM-DD.')
  const days = countDays(start, end)
  if (days < 1) return refuse(400, 'invalid_range', '"end" must not be before "start".')
  if (days > MOST_DAYS)
    return refuse(400, 'invalid_range', `At most ${MOST_DAYS} days can be asked for at once.`)
  const entries = [...eachDate(start, end)].flatMap((date) => {
    const day = scoreDay(uploaded, date)
    return day ? [{ date, score: day.score, duration: clockTime(day.durationMinutes) }] : []
  })
  return json(200, { entries })
}

function clockTime(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

function unauthorized(presented: boolean): Answer {
  const challenge = presented ? 'Bearer error="invalid_token"' : 'Bearer'
  return refuse(401, 'invalid_token', 'The access token is missing, expired or revoked.', {
    'www-authenticate': challenge,
  })
}

function refuse(
  status: number,
  error: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return json(status, { error, message }, headers)
}
