import type { RequestEvent } from '@sveltejs/kit'
import type { ProblemCode } from '@tributary/api'
import { browserHeaders } from './browser-headers.ts'
import { engine } from './engine.ts'
import { isApi } from './is-api.ts'
import { logError } from './log-error.ts'
import { problemResponse, tellable } from './problem.ts'

/** The token of a request to the API, or `undefined` where it brings none. */
export function tokenOf(event: Pick<RequestEvent, 'request' | 'route' | 'url'>): string | undefined {
  if (!isApi(event)) return undefined
  const { request } = event
  const [, token] = /^Bearer\b(.*)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  return token?.trim()
}

/** Lets a request in as the user of its token, or gives the answer that refuses it. Cookies beside it count for nothing. */
export async function admitToken(event: RequestEvent, token: string): Promise<Response | undefined> {
  const { match } = event.locals
  event.locals.identify = event.locals.identifyAgain = () => Promise.resolve(null)
  if (!match || 'allow' in match) return undefined
  const headers = browserHeaders(event)
  try {
    const identify = () => engine().accounts.tokens.identify(token, headers)
    const found = await identify()
    if (!found) return refuse(event, unknown)
    const { scopes } = match.endpoint
    if (!scopes.some((scope) => found.scopes.includes(scope))) return refuse(event, tooLittle(scopes))
    event.locals.identify = () => Promise.resolve(found.signedIn)
    event.locals.identifyAgain = async () => (await identify())?.signedIn ?? null
    return undefined
  } catch (error) {
    const told = tellable(error)
    if (!told.expected) logError(error, event)
    return problemResponse(told, event.locals.requestId)
  }
}

interface Refusal {
  status: number
  code: ProblemCode
  message: string
  /** What RFC 6750 says of it. */
  challenge: string
}

const unknown: Refusal = {
  status: 401,
  code: 'bad-token',
  message: 'This token is unknown, revoked or expired. Make a new one under Settings, Security.',
  challenge: 'Bearer error="invalid_token"',
}

function tooLittle(wanted: readonly string[]): Refusal {
  return {
    status: 403,
    code: 'not-allowed',
    message:
      wanted.length === 0
        ? 'No token may do this. Sign in and do it in Tributary itself.'
        : `This token may not do this; it takes one that may ${wanted.join(' or ')}.`,
    challenge: `Bearer error="insufficient_scope", scope="${wanted.join(' ')}"`,
  }
}

function refuse({ locals }: RequestEvent, { challenge, ...told }: Refusal): Response {
  return problemResponse(told, locals.requestId, { 'www-authenticate': challenge })
}
