import { empty, json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { LabRequest } from '../http/lab-request.ts'
import type { Grants } from './grants.ts'
import type { OAuthRules, Shown, TokenAnswer, TokenRefusal } from './rules.ts'
import { sameText } from './tokens.ts'

interface TokenEndpointsOptions {
  readonly rules: OAuthRules
  readonly grants: Grants
  readonly client: { readonly clientId: string; readonly clientSecret: string }
}

type Endpoint = (request: LabRequest) => Promise<Answer>

/** What a client's server posts to: token (RFC 6749), revocation (RFC 7009) and introspection (RFC 7662). */
export function tokenEndpoints({
  rules,
  grants,
  client,
}: TokenEndpointsOptions): Record<'token' | 'revoke' | 'introspect', Endpoint> {
  const refuse = (status: TokenRefusal['status'], error: TokenRefusal['error'], message: string) =>
    rules.errorAnswer({ status, error, message })

  const authenticated =
    (serve: (form: URLSearchParams) => Promise<Answer>): Endpoint =>
    async (request) => {
      if (request.method !== 'POST') return refuse(400, 'invalid_request', 'Only POST is supported.')
      const form = await request.form()
      const given = READ_CLIENT[rules.clientAuth](request, form)
      if (!given) return refuse(401, 'invalid_client', 'Missing or malformed client credentials.')
      if (!sameText(given.id, client.clientId) || !sameText(given.secret, client.clientSecret)) {
        return refuse(401, 'invalid_client', `Invalid client credentials. Client id: ${given.id}.`)
      }
      return serve(form)
    }

  const answer = (token: TokenAnswer | undefined, shown: Shown, message: string) =>
    token
      ? json(200, rules.tokenBody(token, shown))
      : rules.errorAnswer({ status: 400, error: 'invalid_grant', message, shown })

  const revoke = async (token: string | null, clientId: string) => {
    if (!token) return refuse(400, 'invalid_request', 'Missing parameters: token.')
    const { refusesUnknown, body, by } = rules.revocation
    if (!(await grants.revoke(token, clientId)) && refusesUnknown)
      return refuse(400, by === 'anyone' ? 'invalid_token' : 'invalid_request', 'Token invalid.')
    return body === undefined ? empty(200) : json(200, body)
  }

  return {
    token: authenticated(async (form) => {
      const type = form.get('grant_type')
      const needed = NEEDED[type ?? '']
      if (!needed) {
        return type
          ? refuse(400, 'unsupported_grant_type', `Unsupported grant_type: ${type}.`)
          : refuse(400, 'invalid_request', 'Missing parameters: grant_type.')
      }
      const missing = needed.filter((name) => !form.get(name))
      if (missing.length > 0)
        return refuse(400, 'invalid_request', `Missing parameters: ${missing.join(', ')}.`)

      if (type === 'refresh_token') {
        const refreshed = await grants.refresh(form.get('refresh_token')!, client.clientId)
        return answer(refreshed, 'refresh_token', 'Refresh token invalid.')
      }
      const token = await grants.exchangeCode(form.get('code')!, {
        clientId: client.clientId,
        redirectUri: form.get('redirect_uri')!,
        verifier: form.get('code_verifier') ?? undefined,
      })
      return answer(token, 'code', 'Authorization code invalid.')
    }),

    revoke:
      rules.revocation.by === 'client'
        ? authenticated((form) => revoke(form.get('token'), client.clientId))
        : async (request) =>
            revoke(request.query.get('token') ?? (await request.form()).get('token'), client.clientId),

    async introspect(request) {
      const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (!bearer || (await grants.access(bearer)).state !== 'valid') {
        return refuse(401, 'invalid_client', 'A valid access token is required.')
      }
      const found = await grants.access((await request.form()).get('token') ?? '')
      if (found.state !== 'valid') return json(200, { active: false })
      return json(200, {
        active: true,
        scope: found.scopes.join(rules.scopeSeparator),
        client_id: found.clientId,
        user_id: rules.account,
        token_type: 'access_token',
        // In milliseconds, against RFC 7662: so does Fitbit, which alone of the simulated ones has this endpoint.
        exp: found.exp * 1000,
        iat: found.iat * 1000,
      })
    },
  }
}

const NEEDED: Record<string, readonly string[]> = {
  authorization_code: ['code', 'redirect_uri'],
  refresh_token: ['refresh_token'],
}

const READ_CLIENT = {
  basic: fromHeader,
  body: (_: LabRequest, form: URLSearchParams) => fromBody(form),
  either: (request: LabRequest, form: URLSearchParams) => fromHeader(request) ?? fromBody(form),
}

function fromHeader(request: LabRequest): { id: string; secret: string } | undefined {
  const encoded = /^Basic ([\w+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? []
  return id !== undefined && secret !== undefined ? { id, secret } : undefined
}

function fromBody(form: URLSearchParams): { id: string; secret: string } | undefined {
  const [id, secret] = [form.get('client_id'), form.get('client_secret')]
  return id !== null && secret !== null ? { id, secret } : undefined
}
